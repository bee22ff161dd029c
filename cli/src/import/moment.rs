//! Times as databases and exports write them.

use shared::domain::Timestamp;

/// What is more than this counts milliseconds: as seconds it would be the year 5138.
const MOST_SECONDS: f64 = 1e11;

/// RFC 3339 and what is close to it (`2024-05-06 07:08:09.123+00`, `2024-05-06 07:08:09 UTC`, without an offset UTC is
/// meant), or a number of seconds or milliseconds since 1970.
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    // What follows cuts it by bytes.
    if !text.is_ascii() {
        return None;
    }
    if let Ok(number) = text.parse::<f64>() {
        let seconds = if number > MOST_SECONDS { number / 1000.0 } else { number };
        return (0.0..MOST_SECONDS).contains(&seconds).then(|| Timestamp::from_epoch_seconds(seconds as i64));
    }
    let text = text.strip_suffix(" UTC").map_or_else(|| text.to_owned(), |time| format!("{time}Z"));
    let (date, time) = text.split_at_checked(10)?;
    let time = time.strip_prefix(['T', ' '])?;
    // Behind the clock's digits: nothing, Z, or an offset that need not have minutes.
    let (clock, offset) = time.split_at(time.find(['Z', '+', '-']).unwrap_or(time.len()));
    let offset = match offset.len() {
        0 => "Z".to_owned(),
        3 => format!("{offset}:00"),
        5 => format!("{}:{}", &offset[..3], &offset[3..]),
        _ => offset.to_owned(),
    };
    format!("{date}T{}{offset}", clock.trim_end()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_sources_write_them() {
        for text in [
            "2024-05-06T07:08:09Z",
            "2024-05-06T07:08:09.123Z",
            "2024-05-06T09:08:09+02:00",
            "2024-05-06T09:08:09.5+0200",
            "2024-05-06 07:08:09.123456+00",
            "2024-05-06 07:08:09 UTC",
            "2024-05-06 07:08:09",
            "2024-05-06T07:08:09",
            "1714979289",
            "1714979289000",
            "1714979289.25",
            " 1714979289 ",
        ] {
            let expected = Some(Timestamp::from_epoch_seconds(1_714_979_289));
            assert_eq!(moment(text), expected, "{text}");
        }
        for text in [
            "",
            "never",
            "2024-05-06",
            "06.05.2024 07:08",
            "-1",
            "NaN",
            "2024-13-06T07:08:09Z",
            "ééééééééééé",
            "2024-05-06T07:08:09+0é0",
            "2024-05-06T07:08:09é",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}

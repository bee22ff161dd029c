//! Records in JSON: one on each line; or in a list, which is the whole document or its member `users` (Firebase,
//! Keycloak, Cognito). The document is never read as a whole.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use serde_json::{Map, Value};

use super::{
    fields::Fields,
    records::{LARGEST, Position, Record},
};

/// A JSON file that is being read.
pub struct JsonRecords {
    bytes: Bytes,
    is_list: bool,
    has_ended: bool,
}

/// The bytes of a file, one after another, and where we are.
struct Bytes {
    file: BufReader<File>,
    at: Position,
}

const NEITHER: &str = "is neither JSON lines nor a JSON document with a list of users";

impl JsonRecords {
    /// Whether the first letter of a file opens an object or a list.
    pub fn looks_like_it(path: &Path) -> io::Result<bool> {
        let mut bytes = Bytes::open(path)?;
        bytes.skip_blanks()?;
        Ok(matches!(bytes.peek()?, Some(b'{' | b'[')))
    }

    /// Finds the first record.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut bytes = Bytes::open(path)?;
        bytes.skip_blanks()?;
        let start = bytes.at;
        let is_list = match bytes.next()? {
            Some(b'[') => true,
            Some(b'{') => bytes.enter_users()?,
            _ => return Err(malformed(NEITHER)),
        };
        // A whole object on the first line: a user, as on every other line.
        if !is_list {
            if bytes.at.line != start.line {
                return Err(malformed(NEITHER));
            }
            bytes.go_to(start)?;
        }
        Ok(Self { bytes, is_list, has_ended: false })
    }

    /// Whether it is no JSON lines.
    pub fn is_list(&self) -> bool {
        self.is_list
    }

    pub fn position(&self) -> Position {
        self.bytes.at
    }

    pub fn go_to(&mut self, position: Position) -> io::Result<()> {
        self.has_ended = false;
        self.bytes.go_to(position)
    }

    pub fn next(&mut self) -> io::Result<Option<Record>> {
        if self.has_ended {
            return Ok(None);
        }
        self.bytes.skip(|byte| byte.is_ascii_whitespace() || (self.is_list && byte == b','))?;
        let line = self.bytes.at.line;
        let content = match self.bytes.peek()? {
            None if self.is_list => {
                self.has_ended = true;
                Err("the file ends before its list of users does: it is not whole".to_owned())
            }
            None => return Ok(None),
            Some(b']') if self.is_list => return Ok(None),
            Some(_) => self.content()?,
        };
        Ok(Some(Record { line, end: self.bytes.at, content }))
    }

    fn content(&mut self) -> io::Result<Result<Fields, String>> {
        let mut text = Vec::new();
        let is_whole =
            if self.is_list { self.bytes.copy_value(&mut text)? } else { self.bytes.copy_line(&mut text)? };
        if !is_whole {
            self.has_ended = true;
            return Ok(Err("the file ends within this user: it is not whole".to_owned()));
        }
        if text.len() > LARGEST {
            return Ok(Err("is larger than 1 MiB".to_owned()));
        }
        // serde's words repeat no value, and its line is one of the record's own.
        let parsed = serde_json::from_slice::<Map<String, Value>>(&text);
        Ok(parsed.map(Fields).map_err(|error| format!("is no JSON object ({:?} error)", error.classify())))
    }
}

impl Bytes {
    fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            file: BufReader::with_capacity(64 * 1024, File::open(path)?),
            at: Position { offset: 0, line: 1 },
        })
    }

    fn go_to(&mut self, position: Position) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(position.offset))?;
        self.at = position;
        Ok(())
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.file.fill_buf()?.first().copied())
    }

    fn next(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        if let Some(byte) = byte {
            self.file.consume(1);
            self.at.offset += 1;
            self.at.line += u64::from(byte == b'\n');
        }
        Ok(byte)
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) -> io::Result<()> {
        while self.peek()?.is_some_and(&wanted) {
            self.next()?;
        }
        Ok(())
    }

    /// Spaces, and the mark that some programs put before UTF-8.
    fn skip_blanks(&mut self) -> io::Result<()> {
        self.skip(|byte| byte.is_ascii_whitespace() || [0xEF, 0xBB, 0xBF].contains(&byte))
    }

    /// From behind the brace of an object into its list `users`. `false`, and behind the object, if it has none.
    fn enter_users(&mut self) -> io::Result<bool> {
        loop {
            self.skip(|byte| byte.is_ascii_whitespace() || byte == b',')?;
            match self.peek()? {
                Some(b'"') => {}
                Some(b'}') => {
                    self.next()?;
                    return Ok(false);
                }
                _ => return Err(malformed(NEITHER)),
            }
            let mut name = Vec::new();
            self.copy_value(&mut name)?;
            self.skip(|byte| byte.is_ascii_whitespace() || byte == b':')?;
            if matches!(&name[..], b"\"users\"" | b"\"Users\"") && self.peek()? == Some(b'[') {
                self.next()?;
                return Ok(true);
            }
            if !self.copy_value(&mut Vec::new())? {
                return Err(malformed(NEITHER));
            }
        }
    }

    /// One value, up to and with its last byte. `false` if the file ends before it does. Beyond the limit it is read, but
    /// not kept.
    fn copy_value(&mut self, text: &mut Vec<u8>) -> io::Result<bool> {
        let (mut depth, mut in_string, mut is_escaped) = (0_u64, false, false);
        while let Some(byte) = self.peek()? {
            let is_outside = depth == 0 && !in_string;
            if is_outside && !text.is_empty() && matches!(byte, b',' | b']' | b'}' | b':') {
                return Ok(true);
            }
            self.next()?;
            if text.len() <= LARGEST {
                text.push(byte);
            }
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' if in_string => is_escaped = true,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
                _ => continue,
            }
            if depth == 0 && !in_string && !is_escaped && matches!(byte, b'"' | b'}' | b']') {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The rest of the line. Always whole: a last line needs no end.
    fn copy_line(&mut self, text: &mut Vec<u8>) -> io::Result<bool> {
        let read = (&mut self.file).take(LARGEST as u64 + 1).read_until(b'\n', text)?;
        self.at.offset += read as u64;
        if text.last() == Some(&b'\n') {
            self.at.line += 1;
        } else {
            while !matches!(self.next()?, None | Some(b'\n')) {}
        }
        Ok(true)
    }
}

fn malformed(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_owned())
}

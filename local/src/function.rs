//! A function as Lambda runs it: cold starts on demand, one request at a time in each instance, more instances
//! while requests overlap.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::body::Bytes;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    clock,
    instance::{Failure, Instance, Launch},
    runtime_api::Invocation,
    template::{
        FunctionSpec,
        intrinsics::{ACCOUNT, REGION},
    },
};

/// One function and its instances.
pub struct Function {
    /// What the template says of it.
    pub spec: FunctionSpec,
    launch: Launch,
    idle: Mutex<Vec<Instance>>,
    concurrency: usize,
    permits: Semaphore,
}

/// One invocation, as Lambda's REPORT line tells it.
pub struct Invoked {
    /// What came back.
    pub outcome: Result<Bytes, Failure>,
    /// Time from the event to the answer, without the start of the process.
    pub duration: Duration,
    /// Time from the start of the process to its readiness, if it was started for this.
    pub cold: Option<Duration>,
    /// The most memory that the process has held, in kilobytes.
    pub memory: Option<u64>,
}

impl Function {
    /// A function without any instance yet, that has at most `concurrency` of them.
    pub fn new(spec: FunctionSpec, launch: Launch, concurrency: usize) -> Self {
        let permits = Semaphore::new(concurrency);
        Self { spec, launch, idle: Mutex::default(), concurrency, permits }
    }

    /// Sends an event to a free instance, or a new one; waits for one if there are too many. Runs to its end even
    /// when the caller gives up, as on AWS.
    pub async fn invoke(self: &Arc<Self>, event: Bytes) -> Invoked {
        let function = Arc::clone(self);
        let running = tokio::spawn(async move { function.run(event).await });
        running.await.unwrap_or_else(|_| Invoked::failed(Failure::Stopping))
    }

    /// Ends all instances; the requests under way are answered with [`Failure::Stopping`] first.
    pub async fn stop(&self) {
        let all = self.permits.acquire_many(self.concurrency as u32).await;
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for mut instance in idle {
            instance.end(Failure::Stopping).await;
        }
        drop(all);
    }

    async fn run(&self, event: Bytes) -> Invoked {
        let Ok(_permit) = self.permits.acquire().await else { return Invoked::failed(Failure::Stopping) };
        if *self.launch.stopping.borrow() {
            return Invoked::failed(Failure::Stopping);
        }
        let start = Instant::now();
        let (mut instance, cold) = match self.take_idle().await {
            Some(instance) => (instance, None),
            None => match Instance::start(&self.launch).await {
                Ok(instance) => {
                    let cold = instance.ready_after();
                    (instance, Some(cold))
                }
                Err(failure) => return Invoked { cold: Some(start.elapsed()), ..Invoked::failed(failure) },
            },
        };
        let begin = Instant::now();
        let invocation = Invocation {
            id: Uuid::new_v4().to_string(),
            deadline: clock::now().timestamp_millis() + self.spec.timeout.as_millis() as i64,
            arn: format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{}", self.spec.function_name),
            event,
        };
        let outcome = instance.invoke(invocation, self.spec.timeout).await;
        let (duration, memory) = (begin.elapsed(), instance.peak_memory());
        if matches!(outcome, Ok(_) | Err(Failure::Error(_))) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(instance);
        }
        Invoked { outcome, duration, cold, memory }
    }

    /// The instance that answered last: the others may then be idle for long, as on AWS.
    async fn take_idle(&self) -> Option<Instance> {
        loop {
            let mut instance = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            if instance.is_usable() {
                return Some(instance);
            }
            instance.end(Failure::Stopping).await;
        }
    }
}

impl Invoked {
    fn failed(failure: Failure) -> Self {
        Self { outcome: Err(failure), duration: Duration::ZERO, cold: None, memory: None }
    }
}

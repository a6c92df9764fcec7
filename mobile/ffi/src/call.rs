//! 呼叫 – the whole book as JSON in and JSON out: what a `WebView`'s bridge passes on, word for word, so that no host
//! translates anything itself. The shapes are those of `mobile/web/src/port/port.ts`.

use ruhu_port::Trouble;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::book::Fieldbook;
use crate::trouble::PortError;

/// One call of the screens. Braces even where there is nothing to say: without them serde takes what does not belong.
#[derive(Deserialize)]
#[serde(tag = "call", rename_all = "snake_case", deny_unknown_fields)]
enum Call {
    Ask { name: String, with: Value },
    Host {},
    Create { passcode: String },
    Unlock { passcode: String },
    Lock {},
    ChangePasscode { old: String, next: String },
    BeginAnew {},
    Enrol { code: String, hub_url: Option<String> },
    Sync {},
    SyncState {},
}

/// What is said to it.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Answer(Box<RawValue>),
    Trouble(Trouble),
}

#[uniffi::export(async_runtime = "tokio")]
impl Fieldbook {
    /// Answers one call of the screens: `{"call":"ask","name":"today","with":{}}`, or another of the port's functions
    /// with its arguments by name; `sync_state` tells how the last or running sync stands. Never throws: `{"answer":…}` or `{"trouble":…}`.
    pub async fn call(&self, call: String) -> String {
        let said = match self.answered(&call).await {
            Ok(answer) => Said::Answer(answer),
            Err(why) => Said::Trouble(why.into_trouble()),
        };
        // Both are text already; nothing in them can fail to be written.
        serde_json::to_string(&said).unwrap_or_default()
    }
}

impl Fieldbook {
    async fn answered(&self, call: &str) -> Result<Box<RawValue>, PortError> {
        let call = serde_json::from_str(call)
            .map_err(|_| PortError::support("端口参数有误 / the question does not fit the port"))?;
        match call {
            Call::Ask { name, with } => {
                RawValue::from_string(self.ask(name, with.to_string())?).map_err(|_| unwritten())
            }
            Call::Host {} => written(&self.host()?),
            Call::Create { passcode } => written(&self.create(passcode)?),
            Call::Unlock { passcode } => written(&self.unlock(passcode)?),
            Call::Lock {} => written(&self.lock()?),
            Call::ChangePasscode { old, next } => written(&self.change_passcode(old, next)?),
            Call::BeginAnew {} => written(&self.begin_anew()?),
            Call::Enrol { code, hub_url } => written(&self.enrol(code, hub_url).await?),
            Call::Sync {} => written(&self.sync_once(true).await?),
            Call::SyncState {} => written(&self.sync_state()),
        }
    }
}

fn written(answer: &impl Serialize) -> Result<Box<RawValue>, PortError> {
    serde_json::value::to_raw_value(answer).map_err(|_| unwritten())
}

fn unwritten() -> PortError {
    PortError::support("端口回答有误 / the answer does not fit the port")
}

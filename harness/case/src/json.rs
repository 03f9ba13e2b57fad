//! The JSON form of a case, for workers in any language.
//!
//! A case is an array of commands in the vocabulary of `wast2json`, one command
//! per step, so that the outcomes a worker sends back line up with the commands
//! it got. Two things differ from the files of `wast2json`: a module comes with
//! its bytes in base64 (`binary`) instead of the name of a file, and `line` is
//! left out.
//!
//! ```json
//! [{"type":"module_definition","name":"$m","binary":"AGFzbQEAAAA="},
//!  {"type":"module_instance","instance":"$i","module":"$m"},
//!  {"type":"register","name":"$i","as":"a"},
//!  {"type":"action","action":{"type":"invoke","module":"$i","field":"f",
//!   "args":[{"type":"i32","value":"7"}]}},
//!  {"type":"action","action":{"type":"get","module":"$i","field":"g"}}]
//! ```
//!
//! On reading, `{"type":"module","name":"$m","binary":…}` means a definition and
//! an instance of the same name, two steps.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::case::{Case, Step};
use crate::value::Value;

/// A text that is not the JSON form of a case.
#[derive(Debug, thiserror::Error)]
#[error("not a case in JSON: {0}")]
pub struct JsonError(#[from] serde_json::Error);

/// The case as a JSON array of commands, on one line.
pub fn to_json(case: &Case) -> String {
    // Strings, arrays and objects with string keys can always be written.
    serde_json::to_string(case).expect("a case has no unserialisable part")
}

/// The case that a JSON array of commands describes.
///
/// # Errors
/// Where and why the text is not a case.
pub fn from_json(text: &str) -> Result<Case, JsonError> {
    Ok(serde_json::from_str(text)?)
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Command<'a> {
    Module {
        #[serde(borrow)]
        name: Cow<'a, str>,
        #[serde(borrow)]
        binary: Cow<'a, str>,
    },
    ModuleDefinition {
        #[serde(borrow)]
        name: Cow<'a, str>,
        #[serde(borrow)]
        binary: Cow<'a, str>,
    },
    ModuleInstance {
        #[serde(borrow)]
        instance: Cow<'a, str>,
        #[serde(borrow)]
        module: Cow<'a, str>,
    },
    Register {
        #[serde(borrow)]
        name: Cow<'a, str>,
        #[serde(borrow, rename = "as")]
        registered: Cow<'a, str>,
    },
    Action {
        #[serde(borrow)]
        action: Action<'a>,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Action<'a> {
    Invoke {
        #[serde(borrow)]
        module: Cow<'a, str>,
        #[serde(borrow)]
        field: Cow<'a, str>,
        args: Cow<'a, [Value]>,
    },
    Get {
        #[serde(borrow)]
        module: Cow<'a, str>,
        #[serde(borrow)]
        field: Cow<'a, str>,
    },
}

impl<'a> Command<'a> {
    fn from_step(step: &'a Step) -> Command<'a> {
        match step {
            Step::Define { module, bytes } => {
                let binary = STANDARD.encode(bytes).into();
                Command::ModuleDefinition { name: dollar(module), binary }
            }
            Step::Instantiate { module, instance } => {
                Command::ModuleInstance { instance: dollar(instance), module: dollar(module) }
            }
            Step::Register { instance, name } => {
                Command::Register { name: dollar(instance), registered: name.into() }
            }
            Step::Invoke { instance, field, args } => {
                let (module, field) = (dollar(instance), field.into());
                Command::Action { action: Action::Invoke { module, field, args: args.into() } }
            }
            Step::Get { instance, field } => {
                let (module, field) = (dollar(instance), field.into());
                Command::Action { action: Action::Get { module, field } }
            }
        }
    }

    /// Appends the step, or both steps, that this command stands for.
    fn push_to(self, steps: &mut Vec<Step>) -> Result<(), String> {
        let both = matches!(self, Command::Module { .. });
        steps.push(match self {
            Command::Module { name, binary } | Command::ModuleDefinition { name, binary } => {
                let bytes = STANDARD
                    .decode(binary.as_bytes())
                    .map_err(|error| format!("the binary of {name:?} is not base64: {error}"))?;
                Step::Define { module: bare(&name)?, bytes: bytes.into() }
            }
            Command::ModuleInstance { instance, module } => {
                Step::Instantiate { module: bare(&module)?, instance: bare(&instance)? }
            }
            Command::Register { name, registered } => {
                Step::Register { instance: bare(&name)?, name: registered.into_owned() }
            }
            Command::Action { action: Action::Invoke { module, field, args } } => Step::Invoke {
                instance: bare(&module)?,
                field: field.into_owned(),
                args: args.into_owned(),
            },
            Command::Action { action: Action::Get { module, field } } => {
                Step::Get { instance: bare(&module)?, field: field.into_owned() }
            }
        });
        if both && let Some(Step::Define { module, .. }) = steps.last() {
            let module = module.clone();
            steps.push(Step::Instantiate { instance: module.clone(), module });
        }
        Ok(())
    }
}

fn dollar(name: &str) -> Cow<'static, str> {
    format!("${name}").into()
}

fn bare(name: &str) -> Result<String, String> {
    let bare = name.strip_prefix('$').ok_or_else(|| format!("{name:?} does not begin with $"))?;
    Ok(bare.to_owned())
}

impl Serialize for Case {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.steps.iter().map(Command::from_step))
    }
}

impl<'de> Deserialize<'de> for Case {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Case, D::Error> {
        deserializer.deserialize_seq(CaseVisitor)
    }
}

struct CaseVisitor;

impl<'de> Visitor<'de> for CaseVisitor {
    type Value = Case;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of commands")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Case, A::Error> {
        let mut steps = Vec::new();
        while let Some(command) = seq.next_element::<Command<'de>>()? {
            command.push_to(&mut steps).map_err(A::Error::custom)?;
        }
        Ok(Case { steps })
    }
}

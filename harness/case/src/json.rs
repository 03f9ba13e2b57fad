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
use crate::value_json::Text;

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

/// A command as it is written.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Command<'a> {
    ModuleDefinition {
        name: String,
        binary: String,
    },
    ModuleInstance {
        instance: String,
        module: String,
    },
    Register {
        name: String,
        #[serde(rename = "as")]
        registered: &'a str,
    },
    Action {
        action: Action<'a>,
    },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Action<'a> {
    Invoke { module: String, field: &'a str, args: &'a [Value] },
    Get { module: String, field: &'a str },
}

impl<'a> Command<'a> {
    fn of(step: &'a Step) -> Command<'a> {
        match step {
            Step::Define { module, bytes } => {
                let binary = STANDARD.encode(bytes);
                Command::ModuleDefinition { name: dollar(module), binary }
            }
            Step::Instantiate { module, instance } => {
                Command::ModuleInstance { instance: dollar(instance), module: dollar(module) }
            }
            Step::Register { instance, name } => {
                Command::Register { name: dollar(instance), registered: name }
            }
            Step::Invoke { instance, field, args } => {
                Command::Action { action: Action::Invoke { module: dollar(instance), field, args } }
            }
            Step::Get { instance, field } => {
                Command::Action { action: Action::Get { module: dollar(instance), field } }
            }
        }
    }
}

/// A command as it is read: the fields of all commands at once, because an enum
/// told apart by one of its fields is read twice. Other fields are skipped.
#[derive(Deserialize)]
struct AnyCommand<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    binary: Option<Text<'a>>,
    #[serde(borrow)]
    instance: Option<Text<'a>>,
    #[serde(borrow)]
    module: Option<Text<'a>>,
    #[serde(borrow, rename = "as")]
    registered: Option<Text<'a>>,
    #[serde(borrow)]
    action: Option<AnyAction<'a>>,
}

/// An action as it is read.
#[derive(Deserialize)]
struct AnyAction<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    module: Option<Text<'a>>,
    #[serde(borrow)]
    field: Cow<'a, str>,
    args: Option<Vec<Value>>,
}

impl AnyCommand<'_> {
    /// Appends the step, or both steps, that this command stands for.
    fn push_to(self, steps: &mut Vec<Step>) -> Result<(), String> {
        let kind = &*self.kind;
        match kind {
            "module" | "module_definition" => {
                let module = bare(kind, "name", &self.name)?;
                let binary = field(kind, "binary", &self.binary)?;
                let bytes = STANDARD
                    .decode(binary)
                    .map_err(|error| format!("the binary of ${module} is not base64: {error}"))?;
                steps.push(Step::Define { module: module.clone(), bytes: bytes.into() });
                if kind == "module" {
                    steps.push(Step::Instantiate { instance: module.clone(), module });
                }
            }
            "module_instance" => steps.push(Step::Instantiate {
                module: bare(kind, "module", &self.module)?,
                instance: bare(kind, "instance", &self.instance)?,
            }),
            "register" => steps.push(Step::Register {
                instance: bare(kind, "name", &self.name)?,
                name: field(kind, "as", &self.registered)?.to_owned(),
            }),
            "action" => match self.action {
                Some(action) => steps.push(action.step()?),
                None => return Err("missing field `action` of an action".to_owned()),
            },
            other => return Err(format!("there is no command of type {other:?}")),
        }
        Ok(())
    }
}

impl AnyAction<'_> {
    fn step(self) -> Result<Step, String> {
        let instance = bare(&self.kind, "module", &self.module)?;
        let field = self.field.into_owned();
        match (&*self.kind, self.args) {
            ("invoke", Some(args)) => Ok(Step::Invoke { instance, field, args }),
            ("invoke", None) => Err("missing field `args` of an invoke".to_owned()),
            ("get", None) => Ok(Step::Get { instance, field }),
            ("get", Some(_)) => Err("a get has no `args`".to_owned()),
            (other, _) => Err(format!("there is no action of type {other:?}")),
        }
    }
}

/// The field of a command.
fn field<'a>(kind: &str, name: &str, value: &'a Option<Text<'_>>) -> Result<&'a str, String> {
    value.as_ref().map(|text| &*text.0).ok_or_else(|| format!("missing field `{name}` of a {kind}"))
}

/// The field of a command which is an identifier, without its `$`.
fn bare(kind: &str, name: &str, value: &Option<Text<'_>>) -> Result<String, String> {
    let identifier = field(kind, name, value)?;
    let bare = identifier.strip_prefix('$');
    Ok(bare.ok_or_else(|| format!("{identifier:?} does not begin with $"))?.to_owned())
}

fn dollar(name: &str) -> String {
    format!("${name}")
}

impl Serialize for Case {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.steps.iter().map(Command::of))
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
        while let Some(command) = seq.next_element::<AnyCommand<'de>>()? {
            command.push_to(&mut steps).map_err(A::Error::custom)?;
        }
        Ok(Case { steps })
    }
}

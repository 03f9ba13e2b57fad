//! Exceptions: thrown here or in functions called from here, mostly caught.

use arbitrary::{Result, Unstructured};
use gainsay_case::Proposal;
use wasm_encoder::{BlockType, Catch, Instruction, RefType, ValType};

use crate::decide::{percent, weighted};
use crate::typed::function::{BLOCKS_MAX, Function, Label};
use crate::typed::world::Signature;

/// What a handler takes.
#[derive(Clone, Copy)]
enum Handler {
    Tag,
    TagAndReference,
    All,
    AllAndReference,
}

impl Function<'_> {
    /// Statements with a handler around them.
    pub(crate) fn try_table(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if !self.has(Proposal::ExceptionHandling) || self.labels.len() >= BLOCKS_MAX {
            return Ok(());
        }
        let tag = match self.world.tags.len() as u32 {
            0 => None,
            tags => Some(u.int_in_range(0..=tags - 1)?),
        };
        let (catch, types) = self.handler(tag, u)?;
        let block = Signature { params: Vec::new(), results: types.clone() };
        let Some(block_type) = self.block_type(&block) else { return Ok(()) };
        self.emit(&Instruction::Block(block_type));
        self.labels.push(Label { takes: types.clone(), is_loop: false });
        // Labels of handlers are counted from outside of `try_table`.
        let mut catches = vec![catch];
        if percent(u, 25)? {
            let plain: Vec<u32> = (0..self.labels.len())
                .filter(|label| self.labels[*label].takes.is_empty())
                .filter(|label| !self.labels[*label].is_loop)
                .map(|label| self.depth_of(label))
                .collect();
            if !plain.is_empty() {
                catches.push(Catch::All { label: *u.choose(&plain)? });
            }
        }
        self.emit(&Instruction::TryTable(BlockType::Empty, catches.into()));
        self.labels.push(Label { takes: Vec::new(), is_loop: false });
        self.tries += 1;
        let count = u.int_in_range(1..=3)?;
        self.statements(count, u)?;
        if percent(u, 60)? {
            self.throw(tag, u)?;
        }
        self.tries -= 1;
        self.labels.pop();
        self.emit(&Instruction::End);
        self.values(&types, 2, u)?;
        self.labels.pop();
        self.emit(&Instruction::End);
        self.consume(&types, u)
    }

    /// A clause to the innermost label, and what it takes.
    fn handler(&self, tag: Option<u32>, u: &mut Unstructured<'_>) -> Result<(Catch, Vec<ValType>)> {
        let exception = ValType::Ref(RefType::EXNREF);
        let handler = weighted(
            u,
            &[
                (5, Handler::Tag),
                (2, Handler::TagAndReference),
                (2, Handler::All),
                (2, Handler::AllAndReference),
            ],
        )?;
        let label = 0;
        Ok(match (handler, tag) {
            (Handler::Tag, Some(tag)) => (Catch::One { tag, label }, self.world.tag_params(tag)),
            (Handler::TagAndReference, Some(tag)) => {
                let mut types = self.world.tag_params(tag);
                types.push(exception);
                (Catch::OneRef { tag, label }, types)
            }
            (Handler::AllAndReference, _) => (Catch::AllRef { label }, vec![exception]),
            _ => (Catch::All { label }, Vec::new()),
        })
    }

    /// Throw on a condition; where nothing here catches, seldom.
    pub(crate) fn some_throw(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if self.tries == 0 && !percent(u, 25)? {
            return Ok(());
        }
        let exceptions = crate::typed::expression::indices(&self.locals, |ty| {
            *ty == ValType::Ref(RefType::EXNREF)
        });
        if !exceptions.is_empty() && percent(u, 30)? {
            return self.rethrow(*u.choose(&exceptions)?);
        }
        match self.world.tags.len() as u32 {
            0 => Ok(()),
            tags => {
                let tag = u.int_in_range(0..=tags - 1)?;
                self.throw(Some(tag), u)
            }
        }
    }

    fn throw(&mut self, tag: Option<u32>, u: &mut Unstructured<'_>) -> Result<()> {
        let Some(tag) = tag else { return Ok(()) };
        let params = self.world.tag_params(tag);
        self.condition(3, u)?;
        self.emit(&Instruction::If(BlockType::Empty));
        self.labels.push(Label { takes: Vec::new(), is_loop: false });
        self.values(&params, 2, u)?;
        self.emit(&Instruction::Throw(tag));
        self.labels.pop();
        self.emit(&Instruction::End);
        Ok(())
    }

    /// Throw again what was caught, if something was.
    fn rethrow(&mut self, local: u32) -> Result<()> {
        self.emit(&Instruction::LocalGet(local));
        self.emit(&Instruction::RefIsNull);
        self.emit(&Instruction::I32Eqz);
        self.emit(&Instruction::If(BlockType::Empty));
        self.emit(&Instruction::LocalGet(local));
        self.emit(&Instruction::ThrowRef);
        self.emit(&Instruction::End);
        Ok(())
    }
}

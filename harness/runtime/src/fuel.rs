//! Fuel: what execution costs, and what may be spent on it.

use crate::module::Code;
use crate::store::Store;

/// Bytes that an instruction on many of them moves for one unit of fuel; an element of a
/// table or segment has eight.
pub const FUEL_BYTES: u64 = 64;

impl Store {
    /// Fuel left: one unit per instruction of modules compiled with
    /// [`crate::Config::fuel`], charged block by block, and what bulk operations cost.
    pub fn fuel(&self) -> u64 {
        self.fuel
    }

    /// Set the fuel left. What was done on credit is paid from it first: an instruction
    /// is not left half done, however much it costs.
    pub fn set_fuel(&mut self, fuel: u64) {
        let paid = self.fuel_owed.min(fuel);
        self.fuel_owed -= paid;
        self.fuel = fuel - paid;
    }

    /// Charge for so many bytes that an instruction of `code` has moved. Growth is free:
    /// limits bound it, however often it is asked for.
    pub(crate) fn charge(&mut self, code: &Code, bytes: u64) {
        if !code.metered {
            return;
        }
        let cost = bytes / FUEL_BYTES;
        self.fuel_owed = self.fuel_owed.saturating_add(cost.saturating_sub(self.fuel));
        self.fuel = self.fuel.saturating_sub(cost);
    }
}

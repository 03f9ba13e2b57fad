//! The fuzz targets without a fuzzer.

mod bad_input;
mod common;
mod floors;
mod seeds;

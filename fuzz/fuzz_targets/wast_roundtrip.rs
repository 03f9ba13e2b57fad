//! The text form is lossless: a generated case printed and read back is the same
//! case, and text that can be read prints to a fixed point.
#![no_main]

use gainsay_case::{Capabilities, Proposal, text};
use gainsay_generate::case_from_bytes;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|data: &[u8]| -> Corpus {
    if let Ok(script) = std::str::from_utf8(data)
        && let Ok(case) = text::read_case(script)
    {
        let printed = text::print(&case, None);
        let again = text::read_case(&printed).expect("printed text can be read");
        assert_eq!(text::print(&again, None), printed, "printing is a fixed point");
        return Corpus::Keep;
    }
    let all: Capabilities = Proposal::ALL.iter().copied().collect();
    let Some(case) = case_from_bytes(&all, data) else { return Corpus::Reject };
    let printed = text::print(&case, None);
    assert_eq!(text::read_case(&printed).as_ref(), Ok(&case), "{printed}");
    Corpus::Keep
});

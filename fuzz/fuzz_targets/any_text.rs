//! Any bytes, given to every reader, and what is read given to every writer. The first byte selects the reader.
#![no_main]

#[path = "../../tests/it/any_text.rs"]
mod any_text;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Some((choice, text)) = data.split_first() {
        any_text::stands(usize::from(*choice), &String::from_utf8_lossy(text));
    }
});

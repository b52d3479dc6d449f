//! From bytes to text: byte order marks, XML declarations, the encodings that tools declare.

use std::ops::Range;
use std::string::FromUtf8Error;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A decoded text and what was wrong with its bytes.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The text; U+FFFD stands where bytes could not be read. It has no byte order mark.
    pub text: String,
    /// The encoding that was used, as people write it.
    pub encoding: String,
    /// The first place that could not be read.
    pub fault: Option<Fault>,
    /// The encoding is not what the file declares, or it declares none.
    pub guess: Option<Guess>,
}

/// Why an encoding was recognised by the bytes, and where it matters.
#[derive(Clone, Debug)]
pub struct Guess {
    /// What the file declares.
    pub declared: Option<String>,
    /// The first character of the text that another encoding would read as something else.
    pub place: Range<usize>,
}

/// Bytes that do not fit the encoding.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The offset of the first of them in the file.
    pub byte: usize,
    /// Where U+FFFD stands for them in the text.
    pub place: Range<usize>,
    /// How many places there are.
    pub count: usize,
    /// The encoding's name in the XML declaration, as a range of the text.
    pub declaration: Option<Range<usize>>,
    /// An encoding that fits all bytes.
    pub fits: Option<&'static str>,
}

/// Decodes a file: by its byte order mark, else by what it declares, else as UTF-8. What is UTF-8 is not copied.
pub fn decode(bytes: Vec<u8>) -> Decoded {
    if let Some((encoding, length)) = Encoding::for_bom(&bytes) {
        return run(encoding, bytes, length);
    }
    if let Some(encoding) = silent_utf16(&bytes) {
        return run(encoding, bytes, 0);
    }
    if let Some(encoding) = petal(&bytes) {
        return run_with_strays(encoding, bytes, 0, true);
    }
    let label = declared(&bytes).map(|label| bytes.get(label).unwrap_or_default().to_vec());
    // A declaration that was read as single bytes cannot speak of UTF-16.
    let said = label.as_deref().and_then(Encoding::for_label).filter(|&said| said != UTF_16LE && said != UTF_16BE);
    // Text in an encoding of single bytes is hardly ever UTF-8 by chance.
    let may_be_utf8 = said.is_none_or(|said| said == UTF_8 || said.is_single_byte());
    let read = if may_be_utf8 { String::from_utf8(bytes).map_err(FromUtf8Error::into_bytes) } else { Err(bytes) };
    let (encoding, mut decoded) = match read {
        Ok(text) => (UTF_8, Decoded { text, encoding: UTF_8.name().to_lowercase(), fault: None, guess: None }),
        Err(bytes) => {
            let encoding = said.unwrap_or_else(|| recognise(&bytes));
            (encoding, run(encoding, bytes, 0))
        }
    };
    let declared = label.map(|label| String::from_utf8_lossy(&label).into_owned());
    let is_guess = said != Some(encoding) && (declared.is_some() || encoding != UTF_8);
    // A guess matters only for what is not ASCII.
    if is_guess && let Some((at, c)) = decoded.text.char_indices().find(|(_, c)| !c.is_ascii()) {
        decoded.guess = Some(Guess { declared, place: at..at + c.len_utf8() });
    }
    decoded
}

/// The encoding that the bytes look like, if they are not UTF-8.
fn recognise(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// UTF-16 without a byte order mark: `<` beside a zero byte.
fn silent_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<', 0, b'?' | b'!' | b'a'..=b'z' | b'A'..=b'Z', 0, ..] => Some(UTF_16LE),
        [0, b'<', 0, b'?' | b'!' | b'a'..=b'z' | b'A'..=b'Z', ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// The encoding of a model of Rational Rose, which names its character set by the number that Windows gives it.
fn petal(bytes: &[u8]) -> Option<&'static Encoding> {
    let number = charset(bytes)?;
    Some(match std::str::from_utf8(&bytes[number]).ok()?.parse().ok()? {
        128_u32 => encoding_rs::SHIFT_JIS,
        129 => encoding_rs::EUC_KR,
        134 => encoding_rs::GBK,
        136 => encoding_rs::BIG5,
        161 => encoding_rs::WINDOWS_1253,
        162 => encoding_rs::WINDOWS_1254,
        163 => encoding_rs::WINDOWS_1258,
        177 => encoding_rs::WINDOWS_1255,
        178 => encoding_rs::WINDOWS_1256,
        186 => encoding_rs::WINDOWS_1257,
        204 => encoding_rs::WINDOWS_1251,
        222 => encoding_rs::WINDOWS_874,
        238 => encoding_rs::WINDOWS_1250,
        _ => WINDOWS_1252,
    })
}

/// Where the number of the character set stands.
fn charset(bytes: &[u8]) -> Option<Range<usize>> {
    let head = &bytes[..bytes.len().min(512)];
    let start = head.iter().position(|byte| !byte.is_ascii_whitespace())?;
    if !head[start..].starts_with(b"(object Petal") {
        return None;
    }
    let key = start + find(&head[start..], b"charSet")? + "charSet".len();
    let number = key + head[key..].iter().position(u8::is_ascii_digit)?;
    let length = head[number..].iter().position(|byte| !byte.is_ascii_digit())?;
    Some(number..number + length)
}

/// Where the XML declaration names an encoding.
fn declared(bytes: &[u8]) -> Option<Range<usize>> {
    let head = &bytes[..bytes.len().min(512)];
    let start = head.iter().position(|byte| !byte.is_ascii_whitespace())?;
    if !head[start..].starts_with(b"<?xml") {
        return None;
    }
    let end = start + find(&head[start..], b"?>")?;
    let key = start + find(&head[start..end], b"encoding")? + "encoding".len();
    let quote = key + head[key..end].iter().position(|byte| matches!(byte, b'"' | b'\''))?;
    let length = head[quote + 1..end].iter().position(|&byte| byte == head[quote])?;
    Some(quote + 1..quote + 1 + length)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn run(encoding: &'static Encoding, bytes: Vec<u8>, skip: usize) -> Decoded {
    run_with_strays(encoding, bytes, skip, false)
}

/// With `strays`, bytes that do not fit are those of windows-1252: the templates of western tools in files of the East.
fn run_with_strays(encoding: &'static Encoding, mut bytes: Vec<u8>, skip: usize, strays: bool) -> Decoded {
    let name = encoding.name().to_lowercase();
    if encoding == UTF_8 {
        match String::from_utf8(bytes) {
            Ok(mut text) => {
                text.drain(..skip);
                return Decoded { text, encoding: name, fault: None, guess: None };
            }
            Err(error) => bytes = error.into_bytes(),
        }
    }
    let body = bytes.get(skip..).unwrap_or_default();
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(body.len() + body.len() / 8 + 16);
    let (mut read, mut first, mut count) = (0_usize, None, 0_usize);
    loop {
        text.reserve(decoder.max_utf8_buffer_length_without_replacement(body.len() - read).unwrap_or(64).max(64));
        let (result, used) = decoder.decode_to_string_without_replacement(&body[read..], &mut text, true);
        read += used;
        match result {
            encoding_rs::DecoderResult::InputEmpty => break,
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::Malformed(bad, after) => {
                let end = read.saturating_sub(usize::from(after));
                let stray = body.get(end.saturating_sub(usize::from(bad))..end).unwrap_or_default();
                if strays && stray.iter().all(|byte| !matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d)) {
                    text.push_str(&WINDOWS_1252.decode_without_bom_handling(stray).0);
                    continue;
                }
                count += 1;
                if first.is_none() {
                    let byte = skip + read.saturating_sub(usize::from(bad) + usize::from(after));
                    first = Some((byte, text.len()..text.len() + '\u{fffd}'.len_utf8()));
                }
                text.push('\u{fffd}');
            }
        }
    }
    // windows-1252 maps five bytes to control characters, where Windows knows no character: such a file is in another encoding.
    if encoding == WINDOWS_1252 {
        let undefined = |c: char| matches!(c, '\u{81}' | '\u{8d}' | '\u{8f}' | '\u{90}' | '\u{9d}');
        if let Some(byte) = body.iter().position(|&byte| undefined(char::from(byte))) {
            count = text.chars().filter(|&c| undefined(c)).count();
            let at = text.find(undefined).unwrap_or_default();
            text = text.replace(undefined, "\u{fffd}");
            first = Some((skip + byte, at..at + '\u{fffd}'.len_utf8()));
        }
    }
    let fault = first.map(|(byte, place)| Fault {
        byte,
        place,
        count,
        declaration: declared(text.as_bytes()).or_else(|| charset(text.as_bytes())),
        fits: fitting(encoding, body),
    });
    Decoded { text, encoding: name, fault, guess: None }
}

/// An encoding other than `wrong` that fits all bytes.
fn fitting(wrong: &'static Encoding, bytes: &[u8]) -> Option<&'static str> {
    if wrong != UTF_8 && std::str::from_utf8(bytes).is_ok() {
        return Some("utf-8");
    }
    let encoding = recognise(bytes);
    let is_undefined = |&byte: &u8| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
    let fits = encoding != wrong
        && encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
        && !(encoding == WINDOWS_1252 && bytes.iter().any(is_undefined));
    fits.then(|| LABELS.iter().find(|&&label| Encoding::for_label(label.as_bytes()) == Some(encoding)).copied())?
}

/// Names of encodings as people write them.
const LABELS: &[&str] = &[
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "windows-874",
    "iso-8859-2",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-13",
    "koi8-u",
    "ibm866",
    "gbk",
    "big5",
    "euc-kr",
    "euc-jp",
    "shift_jis",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_declarations_and_habits_are_understood() {
        let utf16: Vec<u8> = "\u{feff}<a n='é'/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let silent: Vec<u8> = "<a n='é'/>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (bytes, text) in [
            (&b"\xef\xbb\xbf<a n='\xc3\xa9'/>"[..], "<a n='é'/>"),
            (&utf16, "<a n='é'/>"),
            (&silent, "<a n='é'/>"),
            (b"<a n='\xe9'/>", "<a n='é'/>"),
            (
                b"<?xml version='1.0' encoding='windows-1252' ?><a n='\x80'/>",
                "<?xml version='1.0' encoding='windows-1252' ?><a n='€'/>",
            ),
            (
                b"(object Petal\n version 50\n charSet 204)\n\xc4\xee\xec",
                "(object Petal\n version 50\n charSet 204)\nДом",
            ),
            (b"(object Petal charSet 134)\n\xd6\xd0 \x95 a", "(object Petal charSet 134)\n中 • a"),
            // The second byte is a backslash in every other reading.
            (b"(object Petal charSet 128)\n\"\x8f\x5c\"", "(object Petal charSet 128)\n\"十\""),
        ] {
            let decoded = decode(bytes.to_vec());
            assert_eq!(decoded.text, text);
            assert!(decoded.fault.is_none());
        }
    }

    #[test]
    fn bytes_that_do_not_fit_are_replaced_and_told() {
        let decoded = decode(b"<?xml version='1.0' encoding='UTF-8'?><a n='\xe9\xe9'/>".to_vec());
        let fault = decoded.fault.expect("not UTF-8");
        assert_eq!((fault.byte, fault.count, fault.fits), (44, 2, Some("windows-1252")));
        assert_eq!(&decoded.text[fault.place], "\u{fffd}");
        assert_eq!(&decoded.text[fault.declaration.expect("declared")], "UTF-8");

        let decoded = decode(b"<?xml version='1.0' encoding='windows-1252'?><a n='\x81'/>".to_vec());
        assert_eq!(decoded.fault.expect("no such character").byte, 51);
    }
}

//! Archives and compressed files, told by their first bytes and read in memory, within limits that are counted while reading:
//! what a header says about sizes is not believed.
//!
//! A file in an archive is called `archive.zip!/folder/model.xmi`. Names serve messages and references only: nothing is ever
//! written where they point.

mod tar;
pub(super) mod zip;

use std::collections::{BTreeMap, VecDeque};
use std::io::Read;

use crate::settings::Limits;
use crate::source::INSIDE;

/// So many bytes may come out of any entry, whatever went in.
const FREE: usize = 8 << 20;

/// A file in an archive.
pub(super) struct Member {
    /// Its name, with the archives that it lies in.
    pub(super) name: String,
    /// Its content, as far as it could be read.
    pub(super) bytes: Vec<u8>,
    /// What is wrong with it in the archive.
    pub(super) damage: Option<&'static str>,
}

impl Member {
    /// A file that is sound.
    pub(super) fn new(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), bytes, damage: None }
    }
}

/// Something in an archive, or all of it, that is not read.
#[derive(Debug)]
pub(super) struct Refused {
    /// Its name.
    pub(super) name: String,
    /// Why it is not read; a sentence with the name as its subject.
    pub(super) why: String,
    /// The limit that could be raised.
    pub(super) limit: Option<&'static str>,
}

/// Forms of archives and of compressed files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Zip,
    Tar,
    Gzip,
    Bzip2,
    Zlib,
}

impl Container {
    /// What `bytes` are, if they hold other files.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => (!zip::is_document(bytes)).then_some(Self::Zip),
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', b'&', b'S', b'Y', ..] => Some(Self::Bzip2),
            [0x78, 0x01 | 0x9c | 0xda, ..] => Some(Self::Zlib),
            _ => tar::is_tar(bytes).then_some(Self::Tar),
        }
    }
}

/// Unpacks `bytes` with all archives in them, and gives each file to `take`. What is refused is returned.
pub(super) fn unpack(name: &str, bytes: &[u8], limits: &Limits, take: impl FnMut(Member)) -> Vec<Refused> {
    unpack_but(None, name, bytes, limits, take)
}

/// The same, but the archive called `whole` is given as it is.
fn unpack_but(
    whole: Option<&str>,
    name: &str,
    bytes: &[u8],
    limits: &Limits,
    mut take: impl FnMut(Member),
) -> Vec<Refused> {
    let mut unpacking =
        Unpacking { limits, entries: 0, bytes: 0, is_over: false, names: BTreeMap::new(), refused: Vec::new() };
    let mut found = VecDeque::new();
    unpacking.open(name, bytes, 0, false, &mut found);
    while let Some(Found { member, depth, is_unwrapped }) = found.pop_front() {
        match Container::of(&member.bytes) {
            Some(_) if whole == Some(&member.name) => take(member),
            // Beyond a limit of the whole, what was found is looked at, but nothing more is unpacked.
            Some(_) if unpacking.is_over => {}
            Some(_) => unpacking.open(&member.name, &member.bytes, depth, is_unwrapped, &mut found),
            None => take(member),
        }
    }
    unpacking.refused
}

/// The file `name` in an archive, where `name` has the archive's own name before it; it may be an archive as well. Else the
/// names of the files that are there.
pub fn member(archive: &str, bytes: &[u8], name: &str, limits: &Limits) -> Result<Vec<u8>, Vec<String>> {
    let mut names = Vec::new();
    let mut found = None;
    unpack_but(Some(name), archive, bytes, limits, |member| {
        if member.name == name {
            found.get_or_insert(member.bytes);
        } else {
            names.push(member.name);
        }
    });
    found.ok_or(names)
}

/// A file on its way out of the archives that it lies in.
struct Found {
    member: Member,
    /// How many archives it lies in.
    depth: usize,
    /// It was only compressed: a compressed tar is one archive.
    is_unwrapped: bool,
}

struct Unpacking<'l> {
    limits: &'l Limits,
    /// Entries of all archives so far.
    entries: usize,
    /// Bytes that came out of all archives so far.
    bytes: usize,
    /// A limit of the whole is reached.
    is_over: bool,
    /// How often each name was met.
    names: BTreeMap<String, usize>,
    refused: Vec<Refused>,
}

impl Unpacking<'_> {
    fn open(&mut self, name: &str, bytes: &[u8], depth: usize, is_unwrapped: bool, found: &mut VecDeque<Found>) {
        let Some(container) = Container::of(bytes) else { return };
        let is_one_with_its_wrapping = is_unwrapped && container == Container::Tar;
        if depth >= self.limits.archive_depth && !is_one_with_its_wrapping {
            let why = format!("lies in more than {} archives", self.limits.archive_depth);
            self.refuse(name, why, Some("archive_depth"));
            return;
        }
        let depth = if is_one_with_its_wrapping { depth } else { depth + 1 };
        let mut add = |member: Option<Member>, is_unwrapped| {
            found.extend(member.map(|member| Found { member, depth, is_unwrapped }));
        };
        match container {
            Container::Zip => zip::read(self, name, bytes, |member| add(Some(member), false)),
            Container::Tar => tar::read(self, name, bytes, |member| add(Some(member), false)),
            Container::Gzip => {
                add(
                    self.expand(name, flate2::bufread::MultiGzDecoder::new(bytes), |it| it.get_ref().len(), bytes),
                    true,
                );
            }
            Container::Bzip2 => {
                add(
                    self.expand(name, bzip2::bufread::MultiBzDecoder::new(bytes), |it| it.get_ref().len(), bytes),
                    true,
                );
            }
            Container::Zlib => {
                add(self.expand(name, flate2::bufread::ZlibDecoder::new(bytes), |it| it.get_ref().len(), bytes), true);
            }
        }
    }

    fn refuse(&mut self, name: &str, why: impl Into<String>, limit: Option<&'static str>) {
        self.refused.push(Refused { name: name.to_owned(), why: why.into(), limit });
    }

    /// Counts an entry; false if there are too many.
    fn count(&mut self, archive: &str) -> bool {
        self.entries += 1;
        if self.entries > self.limits.archive_entries && !self.is_over {
            self.is_over = true;
            let why = format!("holds more than {} files", self.limits.archive_entries);
            self.refuse(archive, why, Some("archive_entries"));
        }
        !self.is_over
    }

    /// The name of an entry: a second one of the same name is numbered.
    fn name(&mut self, archive: &str, raw: &[u8]) -> String {
        let inner = clean(raw);
        let name = format!("{archive}{INSIDE}{}", inner.trim_start_matches('/'));
        let count = self.names.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 { name } else { format!("{name} ({count})") }
    }

    /// Reads what `reader` makes of `packed`, of which `rest` says how much is left, to its end or to a limit.
    fn expand<R: Read>(
        &mut self,
        name: &str,
        mut reader: R,
        rest: impl Fn(&R) -> usize,
        packed: &[u8],
    ) -> Option<Member> {
        let mut bytes = Vec::new();
        let mut damage = None;
        let mut chunk = [0; 16 << 10];
        loop {
            match reader.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => {
                    bytes.extend_from_slice(chunk.get(..count).unwrap_or_default());
                    self.bytes = self.bytes.saturating_add(count);
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(_) => {
                    damage = Some("is damaged in the archive, or the archive is cut off");
                    break;
                }
            }
            if self.bytes > self.limits.archive_bytes {
                self.is_over = true;
                let why = format!("is where the archive exceeds {} bytes", self.limits.archive_bytes);
                self.refuse(name, why, Some("archive_bytes"));
                return None;
            }
            let taken = packed.len().saturating_sub(rest(&reader));
            if bytes.len() > FREE && bytes.len() > taken.saturating_mul(self.limits.archive_ratio) {
                let why = format!("expands more than {}-fold", self.limits.archive_ratio);
                self.refuse(name, why, Some("archive_ratio"));
                return None;
            }
            // One byte more than a file may have, so that the reader sees that there is more.
            if bytes.len() > self.limits.file {
                break;
            }
        }
        if bytes.is_empty()
            && let Some(damage) = damage
        {
            self.refuse(name, damage, None);
            return None;
        }
        Some(Member { name: name.to_owned(), bytes, damage })
    }
}

/// A name as text: UTF-8 or, as archives of DOS have it, code page 437. Control characters have no place in messages.
fn clean(raw: &[u8]) -> String {
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        Err(_) => raw.iter().map(|&byte| code_page_437(byte)).collect(),
    };
    text.replace('\\', "/").replace(char::is_control, "\u{fffd}")
}

fn code_page_437(byte: u8) -> char {
    const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
    match byte.checked_sub(0x80) {
        Some(upper) => UPPER.chars().nth(usize::from(upper)).unwrap_or('\u{fffd}'),
        None => char::from(byte),
    }
}

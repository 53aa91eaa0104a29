//! The intermediate model: one work, in no format's shape.
//!
//! Readers make [`Entry`] values, writers print them; every format maps to and from this and to nothing else. What is
//! understood is structure; what is not is kept as written ([`Date::Written`], [`Name::Literal`], [`Run::Tex`],
//! [`Foreign`]). The model has no `Serialize`: each format prints it its own way, and only the native dump prints all of it.

pub mod date;
pub mod field;
#[cfg(test)]
pub(crate) mod generate;
pub mod ident;
pub mod language;
pub mod months;
pub mod name;
pub mod text;

pub use date::{Bound, Date, DateTime, Day};
pub use field::{DateField, Kind, ListField, PlainField, Role, Scheme, TextField};
pub use ident::{ArxivId, Identifier};
pub use name::{Name, Person};
pub use text::{Run, Style, Text, subtitle_separator};

/// One work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What kind of work it is. The input's own word stays in `foreign` when it says more.
    pub kind: Kind,
    /// The citation key.
    pub key: Option<String>,
    /// Rich texts.
    pub texts: Fields<TextField, Text>,
    /// Lists of rich texts.
    pub lists: Fields<ListField, Vec<Text>>,
    /// Strings without markup.
    pub plain: Fields<PlainField, String>,
    /// Dates.
    pub dates: Fields<DateField, Date>,
    /// People and bodies in order, each with what it did.
    pub people: Vec<(Role, Name)>,
    /// Identifiers in normal form; a scheme may occur several times (ISBN of hardcover and paperback), best first.
    pub ids: Vec<Identifier>,
    /// What the model has no place for, untouched.
    pub foreign: Vec<Foreign>,
}

/// A value of a format that the model has no place for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// The format's name (`bibtex`, `csl`, `hayagriva`, `ris` …): dialects of one family share it.
    pub format: &'static str,
    /// The field's name there, as written.
    pub name: String,
    /// Its value there, as written.
    pub value: String,
}

/// Names one field of an entry, whatever its type: for origins and diagnostics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldName {
    /// The kind.
    Kind,
    /// The citation key.
    Key,
    /// A rich text.
    Text(TextField),
    /// A list of rich texts.
    List(ListField),
    /// A string without markup.
    Plain(PlainField),
    /// A date.
    Date(DateField),
    /// The people of one role, as a whole.
    People(Role),
    /// The identifiers of one scheme.
    Id(Scheme),
    /// A foreign value, by its place in [`Entry::foreign`].
    Foreign(usize),
}

impl FieldName {
    /// The field's name, as diagnostics and the report spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Key => "key",
            Self::Text(field) => field.name(),
            Self::List(field) => field.name(),
            Self::Plain(field) => field.name(),
            Self::Date(field) => field.name(),
            Self::People(role) => role.name(),
            Self::Id(scheme) => scheme.name(),
            Self::Foreign(_) => "foreign",
        }
    }
}

impl FieldName {
    /// The field's name for people: what only the model calls a kind or foreign has other names in every format.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Kind => "type",
            Self::Foreign(_) => "field",
            other => other.name(),
        }
    }
}

impl std::fmt::Display for FieldName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Default for Entry {
    fn default() -> Self {
        Self::new(Kind::Misc)
    }
}

impl Entry {
    /// An empty entry of that kind.
    pub const fn new(kind: Kind) -> Self {
        Self {
            kind,
            key: None,
            texts: Fields::new(),
            lists: Fields::new(),
            plain: Fields::new(),
            dates: Fields::new(),
            people: Vec::new(),
            ids: Vec::new(),
            foreign: Vec::new(),
        }
    }

    /// The title, where there is one.
    pub fn title(&self) -> Option<&Text> {
        self.texts.get(TextField::Title)
    }

    /// Whether the container is the work itself, whose title `.bib` files repeat for the parts that inherit it.
    pub fn contains_itself(&self) -> bool {
        let is_whole = matches!(
            self.kind,
            Kind::Book | Kind::MultiVolumeBook | Kind::Collection | Kind::Proceedings | Kind::Reference
        );
        let titles = self.title().zip(self.texts.get(TextField::ContainerTitle));
        is_whole && titles.is_some_and(|(own, container)| own.to_plain() == container.to_plain())
    }

    /// The title of the work in several volumes in one of which this stands, where that is all that is known of its
    /// container.
    pub fn main_title_of_container(&self) -> Option<&Text> {
        let is_part = matches!(
            self.kind,
            Kind::Chapter | Kind::InCollection | Kind::ConferencePaper | Kind::ReferenceEntry | Kind::DictionaryEntry
        );
        let is_bare = is_part && !self.texts.contains(TextField::ContainerTitle);
        self.texts.get(TextField::MainTitle).filter(|_| is_bare)
    }

    /// The authors in order.
    pub fn authors(&self) -> impl Iterator<Item = &Name> {
        self.people_as(Role::Author)
    }

    /// The people of one role in order.
    pub fn people_as(&self, role: Role) -> impl Iterator<Item = &Name> {
        self.people.iter().filter(move |(r, _)| *r == role).map(|(_, name)| name)
    }

    /// The roles that occur, each once, in order of first appearance.
    pub fn roles(&self) -> Vec<Role> {
        let mut roles = Vec::new();
        for (role, _) in &self.people {
            if !roles.contains(role) {
                roles.push(*role);
            }
        }
        roles
    }

    /// The arXiv id, where there is one.
    pub fn arxiv(&self) -> Option<&ArxivId> {
        self.ids.iter().find_map(|id| match id {
            Identifier::Arxiv(id) => Some(id),
            Identifier::Other(..) => None,
        })
    }

    /// The first DOI, bare.
    pub fn doi(&self) -> Option<&str> {
        self.id(Scheme::Doi)
    }

    /// The first identifier of a scheme other than arXiv, as printed.
    pub fn id(&self, scheme: Scheme) -> Option<&str> {
        self.ids.iter().find_map(|id| match id {
            Identifier::Other(s, value) if *s == scheme => Some(value.as_str()),
            _ => None,
        })
    }

    /// Adds an identifier unless it is there already.
    pub fn add_id(&mut self, id: Identifier) {
        if !self.ids.contains(&id) {
            self.ids.push(id);
        }
    }

    /// Adds an arXiv id behind the others; of one paper the id that pins a version is kept.
    pub fn add_arxiv(&mut self, id: ArxivId) {
        let same = self.ids.iter().position(|other| matches!(other, Identifier::Arxiv(o) if o.id() == id.id()));
        match same {
            Some(at) if id.version().is_some() => self.ids[at] = Identifier::Arxiv(id),
            Some(_) => {}
            None => {
                let end = self.ids.iter().take_while(|id| id.scheme() == Scheme::Arxiv).count();
                self.ids.insert(end, Identifier::Arxiv(id));
            }
        }
    }

    /// Takes out of every value what no format gives a meaning and most readers drop: control characters, white space at
    /// both ends, and then values that hold nothing. Returns how many control characters there were; those that part
    /// words become blanks.
    pub fn tidy(&mut self) -> usize {
        let mut controls = 0;
        self.texts.rows.retain_mut(|(_, text)| {
            controls += text.remove_controls();
            text.trim();
            !text.is_empty()
        });
        self.lists.rows.retain_mut(|(_, list)| {
            controls += list.iter_mut().map(Text::remove_controls).sum::<usize>();
            list.iter_mut().for_each(Text::trim);
            list.retain(|item| !item.is_empty());
            !list.is_empty()
        });
        self.plain.rows.retain_mut(|(_, value)| {
            controls += text::remove_controls(value);
            text::trim(value);
            !value.is_empty()
        });
        controls + self.people.iter_mut().map(|(_, name)| name.tidy()).sum::<usize>()
    }

    /// Gives back the memory that was kept for more: of use for an entry that is held for long, among many.
    pub fn shrink_to_fit(&mut self) {
        for (_, text) in &mut self.texts.rows {
            text.shrink_to_fit();
        }
        for (_, list) in &mut self.lists.rows {
            list.shrink_to_fit();
            list.iter_mut().for_each(Text::shrink_to_fit);
        }
        self.texts.rows.shrink_to_fit();
        self.lists.rows.shrink_to_fit();
        self.plain.rows.shrink_to_fit();
        self.dates.rows.shrink_to_fit();
        self.people.shrink_to_fit();
        self.ids.shrink_to_fit();
        self.foreign.shrink_to_fit();
    }

    /// Every field that holds something, kind and key left out, in the model's order: what a writer must print or report.
    pub fn fields(&self) -> Vec<FieldName> {
        let mut names: Vec<FieldName> = Vec::new();
        names.extend(self.texts.keys().map(FieldName::Text));
        names.extend(self.lists.keys().map(FieldName::List));
        names.extend(self.plain.keys().map(FieldName::Plain));
        names.extend(self.dates.keys().map(FieldName::Date));
        names.extend(self.roles().into_iter().map(FieldName::People));
        for id in &self.ids {
            if !names.contains(&FieldName::Id(id.scheme())) {
                names.push(FieldName::Id(id.scheme()));
            }
        }
        names.extend((0..self.foreign.len()).map(FieldName::Foreign));
        names
    }
}

/// A small map from the members of a vocabulary to values, in the vocabulary's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields<K, V> {
    rows: Vec<(K, V)>,
}

impl<K, V> Default for Fields<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Fields<K, V> {
    /// An empty map; does not allocate.
    pub const fn new() -> Self {
        Self { rows: Vec::new() }
    }
}

impl<K: Copy + Ord, V> Fields<K, V> {
    /// The value of a field.
    pub fn get(&self, key: K) -> Option<&V> {
        self.rows.iter().find(|(k, _)| *k == key).map(|(_, value)| value)
    }

    /// The value of a field, to change it.
    pub fn get_mut(&mut self, key: K) -> Option<&mut V> {
        self.rows.iter_mut().find(|(k, _)| *k == key).map(|(_, value)| value)
    }

    /// Whether the field has a value.
    pub fn contains(&self, key: K) -> bool {
        self.get(key).is_some()
    }

    /// Sets a field; the value it had is returned.
    pub fn set(&mut self, key: K, value: V) -> Option<V> {
        match self.rows.binary_search_by_key(&key, |(k, _)| *k) {
            Ok(at) => Some(std::mem::replace(&mut self.rows[at].1, value)),
            Err(at) => {
                self.rows.insert(at, (key, value));
                None
            }
        }
    }

    /// Takes a field out.
    pub fn remove(&mut self, key: K) -> Option<V> {
        let at = self.rows.iter().position(|(k, _)| *k == key)?;
        Some(self.rows.remove(at).1)
    }

    /// The fields that have a value, in order.
    pub fn keys(&self) -> impl Iterator<Item = K> + '_ {
        self.rows.iter().map(|(key, _)| *key)
    }

    /// Fields and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        self.rows.iter().map(|(key, value)| (*key, value))
    }

    /// Whether no field has a value.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

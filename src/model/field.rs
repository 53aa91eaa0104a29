//! The closed vocabularies of the model: kinds of work, fields, roles.
//!
//! Each is an enum without a catch-all. Formats match over them without a `_` arm, so that a new field makes the
//! compiler ask every format. Names follow BibLaTeX (manual 3.19, sections 2.1 and 2.2) and CSL 1.0.2 (appendix IV) where
//! those have one; the dump's spelling is kebab-case. This file knows no format.

/// Declares a vocabulary: an enum, its members in order, and their names in the native dump.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// Every member, in the model's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The member's name, as the native dump and the report spell it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The member of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

vocabulary! {
    /// What kind of work an entry describes.
    Kind {
        /// A paper on a preprint server.
        Preprint = "preprint",
        /// An article in a journal.
        JournalArticle = "journal-article",
        /// An article in a magazine.
        MagazineArticle = "magazine-article",
        /// An article in a newspaper.
        NewspaperArticle = "newspaper-article",
        /// A paper in conference proceedings.
        ConferencePaper = "conference-paper",
        /// A volume of conference proceedings.
        Proceedings = "proceedings",
        /// A book.
        Book = "book",
        /// A book of several volumes, as a whole.
        MultiVolumeBook = "multi-volume-book",
        /// A chapter or numbered part of a book.
        Chapter = "chapter",
        /// A contribution with a title of its own in a collection.
        InCollection = "in-collection",
        /// A collection of contributions.
        Collection = "collection",
        /// A printed work without publisher.
        Booklet = "booklet",
        /// An entry in an encyclopedia or another work of reference.
        ReferenceEntry = "reference-entry",
        /// An entry in a dictionary.
        DictionaryEntry = "dictionary-entry",
        /// An encyclopedia or dictionary.
        Reference = "reference",
        /// A doctoral thesis.
        DoctoralThesis = "doctoral-thesis",
        /// A master's thesis.
        MastersThesis = "masters-thesis",
        /// A thesis of another or unknown degree.
        Thesis = "thesis",
        /// A technical report.
        Report = "report",
        /// A manual.
        Manual = "manual",
        /// A manuscript that was not published.
        Unpublished = "unpublished",
        /// A whole issue of a periodical.
        Periodical = "periodical",
        /// A patent.
        Patent = "patent",
        /// A standard.
        Standard = "standard",
        /// Software.
        Software = "software",
        /// A data set.
        Dataset = "dataset",
        /// A web page or another online resource.
        Webpage = "webpage",
        /// A post on a forum or social network.
        Post = "post",
        /// A post on a blog.
        BlogPost = "blog-post",
        /// A talk, lecture or presentation.
        Speech = "speech",
        /// A review of another work.
        Review = "review",
        /// A letter, mail or other personal message.
        Letter = "letter",
        /// An interview.
        Interview = "interview",
        /// A film or broadcast.
        Video = "video",
        /// A piece of music or another recording.
        Audio = "audio",
        /// An image, photograph or figure.
        Image = "image",
        /// A work of art.
        Artwork = "artwork",
        /// A performance.
        Performance = "performance",
        /// A map.
        Map = "map",
        /// A law or regulation.
        Legislation = "legislation",
        /// A bill that is no law yet.
        Bill = "bill",
        /// A legal case.
        LegalCase = "legal-case",
        /// A hearing before a committee.
        Hearing = "hearing",
        /// A commentary in a legal sense.
        Commentary = "commentary",
        /// Anything else.
        Misc = "misc",
    }
}

impl Kind {
    /// Whether it is a part of what others than its authors publish: what a preprint becomes.
    pub const fn is_published(self) -> bool {
        matches!(self, Self::JournalArticle | Self::ConferencePaper | Self::Chapter)
    }
}

vocabulary! {
    /// A field that holds one piece of rich text.
    TextField {
        /// The work's title, with its subtitle where the input does not part them.
        Title = "title",
        /// The subtitle, where the input parts it.
        Subtitle = "subtitle",
        /// What is appended to the title ("Part II").
        TitleAddon = "title-addon",
        /// A short form of the title.
        ShortTitle = "short-title",
        /// The title in its original language.
        OriginalTitle = "original-title",
        /// The title of the work reviewed.
        ReviewedTitle = "reviewed-title",
        /// The periodical, book or proceedings that holds the work.
        ContainerTitle = "container-title",
        /// Its subtitle.
        ContainerSubtitle = "container-subtitle",
        /// What is appended to its title.
        ContainerTitleAddon = "container-title-addon",
        /// Its abbreviated title.
        ContainerShortTitle = "container-short-title",
        /// The title of the multi-volume work that the book belongs to.
        MainTitle = "main-title",
        /// Its subtitle.
        MainSubtitle = "main-subtitle",
        /// What is appended to its title.
        MainTitleAddon = "main-title-addon",
        /// The title of a special issue.
        IssueTitle = "issue-title",
        /// Its subtitle.
        IssueSubtitle = "issue-subtitle",
        /// What is appended to its title.
        IssueTitleAddon = "issue-title-addon",
        /// The title of a volume inside a multi-volume work.
        VolumeTitle = "volume-title",
        /// The series.
        Series = "series",
        /// Its abbreviated title.
        SeriesShort = "series-short",
        /// The event's name.
        EventTitle = "event-title",
        /// What is appended to the event's name.
        EventTitleAddon = "event-title-addon",
        /// The abstract.
        Abstract = "abstract",
        /// A note meant to be printed.
        Note = "note",
        /// A note printed behind everything else.
        Addendum = "addendum",
        /// A private or longer annotation.
        Annotation = "annotation",
        /// How the work was made public, where no other field says it.
        HowPublished = "how-published",
        /// The type or genre in words ("PhD thesis", "technical report").
        Genre = "genre",
        /// The medium in words.
        Medium = "medium",
        /// The state of publication ("forthcoming", "prepublished").
        PublicationState = "publication-state",
        /// Where it may be found in an archive or library.
        Library = "library",
        /// The authors' comment on arXiv ("12 pages, 3 figures").
        Comment = "comment",
        /// The journal reference as the authors wrote it on arXiv.
        JournalRef = "journal-ref",
        /// Terms of use.
        Rights = "rights",
        /// Physical or electronic dimensions.
        Dimensions = "dimensions",
        /// The scale of a map.
        Scale = "scale",
        /// References cited, as written.
        References = "references",
        /// The status of a legal or administrative text.
        Status = "status",
    }
}

vocabulary! {
    /// A field that holds a list of rich texts, in order.
    ListField {
        /// Publishers or repositories.
        Publisher = "publisher",
        /// Places of publication.
        Place = "place",
        /// Institutions (of a thesis or report).
        Institution = "institution",
        /// Organizations (of a manual or a conference).
        Organization = "organization",
        /// Where the event was: BibLaTeX's `venue`.
        EventPlace = "event-place",
        /// Publishers of the original edition.
        OriginalPublisher = "original-publisher",
        /// Places of the original edition.
        OriginalPlace = "original-place",
        /// Subject classes of the archive, primary first (`cs.CL`).
        Category = "category",
        /// Keywords.
        Keyword = "keyword",
        /// Languages of the work, as tags or names.
        Language = "language",
        /// Languages of the original.
        OriginalLanguage = "original-language",
    }
}

vocabulary! {
    /// A field that holds one string that is never parsed for markup.
    PlainField {
        /// Volume.
        Volume = "volume",
        /// Issue of a periodical.
        Issue = "issue",
        /// Number of a report, in a series, of a patent.
        Number = "number",
        /// Part of a volume.
        Part = "part",
        /// Pages, as a range with `-` or `--` as the input had it; normalised to an en dash by the readers.
        Pages = "pages",
        /// First page, where the input parts it from the rest and gives no range.
        PageTotal = "page-total",
        /// What pages count ("column", "verse").
        Pagination = "pagination",
        /// What the container's pages count.
        BookPagination = "book-pagination",
        /// Chapter number.
        Chapter = "chapter",
        /// Section number.
        Section = "section",
        /// Edition, as a number or in words.
        Edition = "edition",
        /// How many volumes there are.
        Volumes = "volumes",
        /// The article number of an electronic journal.
        ArticleNumber = "article-number",
        /// Version of software, a manual or a preprint.
        Version = "version",
        /// The work's address in the web.
        Url = "url",
        /// A shelf mark.
        CallNumber = "call-number",
        /// The collection of an archive.
        Archive = "archive",
        /// The place inside an archive.
        ArchiveLocation = "archive-location",
        /// Who registered or distributes the record (a database).
        Database = "database",
        /// The language of the entry's titles, for hyphenation (babel's or a BCP 47 name).
        LanguageId = "language-id",
        /// The key that sorts the entry.
        SortKey = "sort-key",
        /// Options of the entry, as BibLaTeX writes them.
        Options = "options",
        /// A file attached, as written.
        File = "file",
        /// The journal's series ("2", "newseries").
        JournalSeries = "journal-series",
        /// The key of the entry that this one inherits from.
        CrossReference = "cross-reference",
        /// Other keys of this entry, comma-separated.
        KeyAliases = "key-aliases",
    }
}

vocabulary! {
    /// A field that holds a date.
    DateField {
        /// When the work was published or posted: the date that is cited.
        Issued = "issued",
        /// When it was first submitted, where that differs from the date cited.
        Submitted = "submitted",
        /// When it was seen.
        Accessed = "accessed",
        /// When the event took place.
        Event = "event",
        /// When the original was published.
        Original = "original",
        /// When it became available.
        Available = "available",
    }
}

vocabulary! {
    /// What a person or body did for a work.
    Role {
        /// Author.
        Author = "author",
        /// Editor.
        Editor = "editor",
        /// A second kind of editor, as BibLaTeX's `editora`; what it did stands in `foreign`.
        EditorA = "editor-a",
        /// A third kind of editor.
        EditorB = "editor-b",
        /// A fourth kind of editor.
        EditorC = "editor-c",
        /// Author of the container.
        ContainerAuthor = "container-author",
        /// Editor of the series.
        SeriesEditor = "series-editor",
        /// Translator.
        Translator = "translator",
        /// Annotator.
        Annotator = "annotator",
        /// Commentator.
        Commentator = "commentator",
        /// Author of the introduction.
        Introduction = "introduction",
        /// Author of the foreword.
        Foreword = "foreword",
        /// Author of the afterword.
        Afterword = "afterword",
        /// Holder of a patent.
        Holder = "holder",
        /// Director.
        Director = "director",
        /// Producer.
        Producer = "producer",
        /// Compiler.
        Compiler = "compiler",
        /// Illustrator.
        Illustrator = "illustrator",
        /// Composer.
        Composer = "composer",
        /// Performer.
        Performer = "performer",
        /// Interviewer.
        Interviewer = "interviewer",
        /// Recipient of a letter.
        Recipient = "recipient",
        /// Author of the work reviewed.
        ReviewedAuthor = "reviewed-author",
        /// Author of the original.
        OriginalAuthor = "original-author",
        /// Curator.
        Curator = "curator",
        /// Organizer of an event.
        Organizer = "organizer",
        /// Narrator.
        Narrator = "narrator",
        /// Writer of a script.
        ScriptWriter = "script-writer",
        /// Guest.
        Guest = "guest",
        /// Host.
        Host = "host",
        /// Contributor of another kind.
        Contributor = "contributor",
    }
}

vocabulary! {
    /// A scheme of identifiers.
    Scheme {
        /// arXiv.
        Arxiv = "arxiv",
        /// Digital Object Identifier.
        Doi = "doi",
        /// International Standard Book Number.
        Isbn = "isbn",
        /// International Standard Serial Number.
        Issn = "issn",
        /// PubMed.
        Pmid = "pmid",
        /// PubMed Central.
        Pmcid = "pmcid",
        /// JSTOR.
        Jstor = "jstor",
        /// Google Books.
        GoogleBooks = "google-books",
        /// The Handle System.
        Handle = "handle",
        /// Mathematical Reviews.
        MathReviews = "mr-number",
        /// zbMATH.
        Zbmath = "zbl",
        /// The SAO/NASA Astrophysics Data System.
        Bibcode = "bibcode",
        /// INSPIRE record number.
        Inspire = "inspire",
        /// DBLP key.
        Dblp = "dblp",
        /// OpenAlex.
        OpenAlex = "openalex",
        /// Semantic Scholar corpus id.
        SemanticScholar = "semantic-scholar",
        /// Report number of an institution, as arXiv's `report-no`.
        ReportNumber = "report-number",
        /// International Standard Technical Report Number.
        Isrn = "isrn",
        /// International Standard Music Number.
        Ismn = "ismn",
        /// International Standard Audiovisual Number.
        Isan = "isan",
        /// International Standard Musical Work Code.
        Iswc = "iswc",
    }
}

//! The content type of a file by its ending, as the original tells it (CACHE-10, TPL-82).

/// Endings by their type, both sorted. What Python knows by itself, and what browsers came to
/// want since.
const TYPES: &[(&str, &[&str])] = &[
    ("application/atom+xml", &["atom"]),
    ("application/epub+zip", &["epub"]),
    ("application/geo+json", &["geojson"]),
    ("application/json", &["json", "map"]),
    ("application/ld+json", &["jsonld"]),
    ("application/manifest+json", &["webmanifest"]),
    ("application/msword", &["doc", "dot", "wiz"]),
    ("application/n-quads", &["nq"]),
    ("application/n-triples", &["nt"]),
    (
        "application/octet-stream",
        &["a", "bin", "dll", "exe", "o", "obj", "so"],
    ),
    ("application/oda", &["oda"]),
    ("application/pdf", &["pdf"]),
    ("application/pkcs7-mime", &["p7c"]),
    ("application/postscript", &["ai", "eps", "ps"]),
    ("application/rss+xml", &["rss"]),
    ("application/trig", &["trig"]),
    ("application/vnd.apple.mpegurl", &["m3u", "m3u8"]),
    ("application/vnd.google-earth.kml+xml", &["kml"]),
    ("application/vnd.ms-excel", &["xlb", "xls"]),
    ("application/vnd.ms-fontobject", &["eot"]),
    (
        "application/vnd.ms-powerpoint",
        &["pot", "ppa", "pps", "ppt", "pwz"],
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        &["pptx"],
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        &["xlsx"],
    ),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        &["docx"],
    ),
    ("application/wasm", &["wasm"]),
    ("application/x-7z-compressed", &["7z"]),
    ("application/x-bcpio", &["bcpio"]),
    ("application/x-cpio", &["cpio"]),
    ("application/x-csh", &["csh"]),
    ("application/x-dvi", &["dvi"]),
    ("application/x-gtar", &["gtar"]),
    ("application/x-hdf", &["hdf"]),
    ("application/x-hdf5", &["h5"]),
    ("application/x-latex", &["latex"]),
    ("application/x-mif", &["mif"]),
    ("application/x-netcdf", &["cdf", "nc"]),
    ("application/x-pkcs12", &["p12", "pfx"]),
    ("application/x-pn-realaudio", &["ram"]),
    ("application/x-python-code", &["pyc", "pyo"]),
    ("application/x-sh", &["sh"]),
    ("application/x-shar", &["shar"]),
    ("application/x-shockwave-flash", &["swf"]),
    ("application/x-sv4cpio", &["sv4cpio"]),
    ("application/x-sv4crc", &["sv4crc"]),
    ("application/x-tar", &["tar"]),
    ("application/x-tcl", &["tcl"]),
    ("application/x-tex", &["tex"]),
    ("application/x-texinfo", &["texi", "texinfo"]),
    ("application/x-troff", &["roff", "t", "tr"]),
    ("application/x-troff-man", &["man"]),
    ("application/x-troff-me", &["me"]),
    ("application/x-troff-ms", &["ms"]),
    ("application/x-ustar", &["ustar"]),
    ("application/x-wais-source", &["src"]),
    ("application/xhtml+xml", &["xhtml"]),
    ("application/xml", &["rdf", "wsdl", "xpdl", "xsl"]),
    ("application/zip", &["zip"]),
    ("audio/3gpp", &["3gp", "3gpp"]),
    ("audio/3gpp2", &["3g2", "3gpp2"]),
    ("audio/aac", &["aac", "adts", "ass", "loas"]),
    ("audio/basic", &["au", "snd"]),
    ("audio/flac", &["flac"]),
    ("audio/mp4", &["m4a"]),
    ("audio/mpeg", &["mp2", "mp3"]),
    ("audio/ogg", &["oga", "ogg"]),
    ("audio/opus", &["opus"]),
    ("audio/x-aiff", &["aif", "aifc", "aiff"]),
    ("audio/x-pn-realaudio", &["ra"]),
    ("audio/x-wav", &["wav"]),
    ("font/otf", &["otf"]),
    ("font/ttf", &["ttf"]),
    ("font/woff", &["woff"]),
    ("font/woff2", &["woff2"]),
    ("image/avif", &["avif"]),
    ("image/bmp", &["bmp"]),
    ("image/gif", &["gif"]),
    ("image/heic", &["heic"]),
    ("image/heif", &["heif"]),
    ("image/ief", &["ief"]),
    ("image/jpeg", &["jpe", "jpeg", "jpg"]),
    ("image/jxl", &["jxl"]),
    ("image/png", &["png"]),
    ("image/svg+xml", &["svg"]),
    ("image/tiff", &["tif", "tiff"]),
    ("image/vnd.microsoft.icon", &["ico"]),
    ("image/webp", &["webp"]),
    ("image/x-cmu-raster", &["ras"]),
    ("image/x-portable-anymap", &["pnm"]),
    ("image/x-portable-bitmap", &["pbm"]),
    ("image/x-portable-graymap", &["pgm"]),
    ("image/x-portable-pixmap", &["ppm"]),
    ("image/x-rgb", &["rgb"]),
    ("image/x-xbitmap", &["xbm"]),
    ("image/x-xpixmap", &["xpm"]),
    ("image/x-xwindowdump", &["xwd"]),
    ("message/rfc822", &["eml", "mht", "mhtml", "nws"]),
    ("text/calendar", &["ics"]),
    ("text/css", &["css"]),
    ("text/csv", &["csv"]),
    ("text/html", &["htm", "html"]),
    ("text/javascript", &["js", "mjs"]),
    ("text/markdown", &["md"]),
    ("text/n3", &["n3"]),
    ("text/plain", &["bat", "c", "h", "ksh", "pl", "srt", "txt"]),
    ("text/richtext", &["rtx"]),
    ("text/tab-separated-values", &["tsv"]),
    ("text/vtt", &["vtt"]),
    ("text/x-python", &["py"]),
    ("text/x-setext", &["etx"]),
    ("text/x-sgml", &["sgm", "sgml"]),
    ("text/x-vcard", &["vcf"]),
    ("text/xml", &["xml"]),
    ("video/mp4", &["m4v", "mp4"]),
    ("video/mpeg", &["m1v", "mpa", "mpe", "mpeg", "mpg"]),
    ("video/ogg", &["ogv"]),
    ("video/quicktime", &["mov", "qt"]),
    ("video/webm", &["webm"]),
    ("video/x-msvideo", &["avi"]),
    ("video/x-sgi-movie", &["movie"]),
];

/// Endings that say how a file is packed; what is in it is said by the ending before.
const PACKED: [&str; 5] = ["gz", "Z", "bz2", "xz", "br"];

/// The type, without a charset; `text/plain` when the ending says nothing.
pub fn of(name: &str) -> &'static str {
    let file = name.rsplit('/').next().unwrap_or(name);
    let ending = match ending(file) {
        Some((stem, packed)) if PACKED.contains(&packed) => ending(stem).map(|found| found.1),
        Some((_, "svgz")) => Some("svg"),
        Some((_, "tgz" | "taz" | "tz" | "tbz2" | "txz")) => Some("tar"),
        found => found.map(|found| found.1),
    };
    let Some(ending) = ending.map(str::to_ascii_lowercase) else {
        return "text/plain";
    };
    let known = TYPES
        .iter()
        .find(|(_, endings)| endings.contains(&ending.as_str()));
    known.map_or("text/plain", |(content_type, _)| content_type)
}

/// What stands before and after the last dot. A name that only begins with a dot has no ending.
fn ending(file: &str) -> Option<(&str, &str)> {
    let (stem, ending) = file.rsplit_once('.')?;
    (!stem.trim_start_matches('.').is_empty()).then_some((stem, ending))
}

#[cfg(test)]
mod tests {
    use super::of;

    // Proves: CACHE-10
    #[test]
    fn endings_tell_types() {
        assert_eq!(of("app.css"), "text/css");
        assert_eq!(of("js/table.js"), "text/javascript");
        assert_eq!(of("A.CSS"), "text/css");
        assert_eq!(of("a.b.png"), "image/png");
        assert_eq!(of("font.woff2"), "font/woff2");
    }

    // Proves: TPL-82
    #[test]
    fn what_tells_nothing_is_text() {
        for name in ["README", ".css", "a.unknown", "dir.css/file", "", "a."] {
            assert_eq!(of(name), "text/plain", "{name}");
        }
    }

    #[test]
    fn packed_files_are_what_is_in_them() {
        assert_eq!(of("x.css.gz"), "text/css");
        assert_eq!(of("x.tgz"), "application/x-tar");
        assert_eq!(of("x.svgz"), "image/svg+xml");
        assert_eq!(of("x.gz"), "text/plain");
    }
}

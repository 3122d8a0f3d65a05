extension MediaTypes {
  /// Types that outrank the registry's: IANA's own where Debian has an older one, and what the registry does not know.
  ///
  /// JavaScript is `text/javascript` (RFC 9239).
  static let preferred: [[(type: String, extensions: String)]] = [
    pages, text, images, sound, video, fonts, documents, models, archives, keys,
  ]

  private static let pages: [(type: String, extensions: String)] = [
    ("text/html", "html htm shtml"),
    ("application/xhtml+xml", "xhtml"),
    ("text/css", "css"),
    ("text/javascript", "js mjs cjs"),
    ("application/json", "json map topojson"),
    ("application/geo+json", "geojson"),
    ("application/ld+json", "jsonld"),
    ("application/manifest+json", "webmanifest"),
    ("application/wasm", "wasm"),
    ("application/xml", "xml xsl xsd"),
    ("application/rss+xml", "rss"),
    ("application/atom+xml", "atom"),
    ("text/x-component", "htc"),
    ("text/cache-manifest", "appcache"),
    ("application/x-ndjson", "ndjson jsonl"),
    ("application/json5", "json5"),
  ]

  private static let text: [(type: String, extensions: String)] = [
    ("text/plain", "txt text log conf cfg ini diff patch"),
    ("text/markdown", "md markdown"),
    ("text/csv", "csv"),
    ("text/tab-separated-values", "tsv"),
    ("text/calendar", "ics ifb"),
    ("text/vcard", "vcf vcard"),
    ("text/vtt", "vtt"),
    ("text/x-rst", "rst"),
    ("text/x-python", "py"),
    ("text/x-c", "c h cc cpp hpp"),
    ("text/x-java-source", "java"),
    ("text/x-swift", "swift"),
    ("text/x-shellscript", "sh"),
    ("application/yaml", "yaml yml"),
    ("application/toml", "toml"),
    ("application/rtf", "rtf"),
    ("application/x-subrip", "srt"),
    ("text/x-tex", "tex"),
    ("text/troff", "man"),
  ]

  private static let images: [(type: String, extensions: String)] = [
    ("image/png", "png"),
    ("image/apng", "apng"),
    ("image/jpeg", "jpg jpeg jpe jfif"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/avif", "avif"),
    ("image/svg+xml", "svg"),
    ("image/bmp", "bmp"),
    ("image/tiff", "tif tiff"),
    ("image/vnd.microsoft.icon", "ico cur"),
    ("image/heic", "heic"),
    ("image/heif", "heif"),
    ("image/jxl", "jxl"),
    ("image/jp2", "jp2"),
    ("image/vnd.adobe.photoshop", "psd"),
    ("image/x-portable-pixmap", "ppm"),
    ("image/ktx2", "ktx2"),
  ]

  private static let sound: [(type: String, extensions: String)] = [
    ("audio/mpeg", "mp3"),
    ("audio/mp4", "m4a"),
    ("audio/aac", "aac"),
    ("audio/ogg", "oga ogg opus"),
    ("audio/flac", "flac"),
    ("audio/wav", "wav"),
    ("audio/webm", "weba"),
    ("audio/midi", "mid midi"),
    ("audio/aiff", "aif aiff"),
  ]

  private static let video: [(type: String, extensions: String)] = [
    ("video/mp4", "mp4 m4v"),
    ("video/webm", "webm"),
    ("video/ogg", "ogv"),
    ("video/quicktime", "mov qt"),
    ("video/x-msvideo", "avi"),
    ("video/x-matroska", "mkv"),
    ("video/mpeg", "mpg mpeg"),
    ("video/mp2t", "ts m2ts"),
    ("video/3gpp", "3gp"),
    ("video/x-flv", "flv"),
    ("video/x-ms-wmv", "wmv"),
    ("application/vnd.apple.mpegurl", "m3u8"),
    ("application/dash+xml", "mpd"),
  ]

  private static let fonts: [(type: String, extensions: String)] = [
    ("font/woff2", "woff2"),
    ("font/woff", "woff"),
    ("font/ttf", "ttf"),
    ("font/otf", "otf"),
    ("font/collection", "ttc"),
    ("application/vnd.ms-fontobject", "eot"),
  ]

  private static let documents: [(type: String, extensions: String)] = [
    ("application/pdf", "pdf"),
    ("application/epub+zip", "epub"),
    ("application/postscript", "ps eps ai"),
    ("application/msword", "doc dot"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.ms-powerpoint", "ppt"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
    ("application/vnd.google-earth.kml+xml", "kml"),
    ("application/vnd.google-earth.kmz", "kmz"),
    ("application/gpx+xml", "gpx"),
    ("message/rfc822", "eml"),
    ("image/vnd.djvu", "djvu"),
  ]

  private static let models: [(type: String, extensions: String)] = [
    ("model/gltf-binary", "glb"),
    ("model/gltf+json", "gltf"),
    ("model/stl", "stl"),
    ("model/obj", "obj"),
    ("model/vnd.usdz+zip", "usdz"),
  ]

  private static let archives: [(type: String, extensions: String)] = [
    ("application/gzip", "gz tgz"),
    ("application/zip", "zip whl"),
    ("application/x-tar", "tar"),
    ("application/x-bzip2", "bz2"),
    ("application/x-xz", "xz"),
    ("application/zstd", "zst"),
    ("application/x-brotli", "br"),
    ("application/x-7z-compressed", "7z"),
    ("application/vnd.rar", "rar"),
    ("application/java-archive", "jar war"),
    ("application/vnd.debian.binary-package", "deb"),
    ("application/x-rpm", "rpm"),
    ("application/vnd.android.package-archive", "apk"),
    ("application/x-apple-diskimage", "dmg"),
    ("application/x-iso9660-image", "iso"),
    ("application/x-msdownload", "exe dll msi"),
    ("application/x-shockwave-flash", "swf"),
    ("application/vnd.sqlite3", "sqlite sqlite3"),
    ("application/vnd.apache.parquet", "parquet"),
    ("application/x-hdf5", "h5 hdf5"),
    ("application/x-bittorrent", "torrent"),
  ]

  private static let keys: [(type: String, extensions: String)] = [
    ("application/pgp-signature", "sig asc"),
    ("application/x-x509-ca-cert", "der crt pem"),
    ("application/pkix-cert", "cer"),
    ("application/pkcs7-mime", "p7m"),
    ("application/x-pkcs12", "p12 pfx"),
  ]
}

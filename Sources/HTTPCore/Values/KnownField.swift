/// The field names that the server or the applications' environ give a meaning to.
///
/// A name is looked up once, by the parser; everything after it compares one byte. A new name needs only a
/// case and its `canonicalName`.
package enum KnownField: UInt8, Sendable, CaseIterable {
  case other = 0
  case host, connection, contentLength, transferEncoding, contentType, contentEncoding, contentLanguage
  case accept, acceptCharset, acceptEncoding, acceptLanguage, userAgent, cookie, referer, authorization, from
  case ifNoneMatch, ifModifiedSince, ifMatch, ifUnmodifiedSince, ifRange, range
  case expect, upgrade, origin, cacheControl, pragma, date, te, trailer, via, maxForwards, keepAlive, priority
  case prefer, earlyData, http2Settings, lastEventID
  case forwarded, xForwardedFor, xForwardedProto, xForwardedProtocol, xForwardedScheme, xForwardedSSL
  case xForwardedHost, xForwardedServer, xForwardedPort, xForwardedPrefix, xForwardedBy
  case xRealIP, xScheme, xScriptName, xURLScheme, frontEndHTTPS, trueClientIP, cfConnectingIP
  case xRequestID, xCorrelationID, xAmznTraceID, traceparent, tracestate, baggage
  case xRequestedWith, xCSRFToken, xCSRFTokenHyphenated, xHTTPMethodOverride, xPurpose
  case secFetchMode, secFetchSite, secFetchDest, secFetchUser, secPurpose, secGPC
  case secCHUA, secCHUAMobile, secCHUAPlatform, secCHUAPlatformVersion, secCHUAArch, secCHUAModel
  case secCHUABitness, secCHUAFullVersion, secCHUAFullVersionList
  case secWebSocketKey, secWebSocketVersion, secWebSocketExtensions, secWebSocketProtocol
  case upgradeInsecureRequests, dnt, saveData
  case accessControlRequestMethod, accessControlRequestHeaders
  case proxy, proxyConnection, proxyAuthorization, proxyAuthenticate, proxyAuthenticationInfo
  case server, setCookie, location, etag, lastModified, vary, acceptRanges, contentRange
  case contentDisposition, expires, link
  case contentDigest, reprDigest, digest, contentMD5

  /// One comparison, also in other modules: the standard library's for raw values is generic.
  @inlinable @inline(__always)
  package static func == (left: KnownField, right: KnownField) -> Bool { left.rawValue == right.rawValue }

  /// The name in lower case; empty for `other`.
  package var canonicalName: StaticString {
    switch self {
    case .other: ""
    case .host: "host"
    case .connection: "connection"
    case .contentLength: "content-length"
    case .transferEncoding: "transfer-encoding"
    case .contentType: "content-type"
    case .contentEncoding: "content-encoding"
    case .contentLanguage: "content-language"
    case .accept: "accept"
    case .acceptCharset: "accept-charset"
    case .acceptEncoding: "accept-encoding"
    case .acceptLanguage: "accept-language"
    case .userAgent: "user-agent"
    case .cookie: "cookie"
    case .referer: "referer"
    case .authorization: "authorization"
    case .from: "from"
    case .ifNoneMatch: "if-none-match"
    case .ifModifiedSince: "if-modified-since"
    case .ifMatch: "if-match"
    case .ifUnmodifiedSince: "if-unmodified-since"
    case .ifRange: "if-range"
    case .range: "range"
    case .expect: "expect"
    case .upgrade: "upgrade"
    case .origin: "origin"
    case .cacheControl: "cache-control"
    case .pragma: "pragma"
    case .date: "date"
    case .te: "te"
    case .trailer: "trailer"
    case .via: "via"
    case .maxForwards: "max-forwards"
    case .keepAlive: "keep-alive"
    case .priority: "priority"
    case .prefer: "prefer"
    case .earlyData: "early-data"
    case .http2Settings: "http2-settings"
    case .lastEventID: "last-event-id"
    case .forwarded: "forwarded"
    case .xForwardedFor: "x-forwarded-for"
    case .xForwardedProto: "x-forwarded-proto"
    case .xForwardedProtocol: "x-forwarded-protocol"
    case .xForwardedScheme: "x-forwarded-scheme"
    case .xForwardedSSL: "x-forwarded-ssl"
    case .xForwardedHost: "x-forwarded-host"
    case .xForwardedServer: "x-forwarded-server"
    case .xForwardedPort: "x-forwarded-port"
    case .xForwardedPrefix: "x-forwarded-prefix"
    case .xForwardedBy: "x-forwarded-by"
    case .xRealIP: "x-real-ip"
    case .xScheme: "x-scheme"
    case .xScriptName: "x-script-name"
    case .xURLScheme: "x-url-scheme"
    case .frontEndHTTPS: "front-end-https"
    case .trueClientIP: "true-client-ip"
    case .cfConnectingIP: "cf-connecting-ip"
    case .xRequestID: "x-request-id"
    case .xCorrelationID: "x-correlation-id"
    case .xAmznTraceID: "x-amzn-trace-id"
    case .traceparent: "traceparent"
    case .tracestate: "tracestate"
    case .baggage: "baggage"
    case .xRequestedWith: "x-requested-with"
    case .xCSRFToken: "x-csrftoken"
    case .xCSRFTokenHyphenated: "x-csrf-token"
    case .xHTTPMethodOverride: "x-http-method-override"
    case .xPurpose: "x-purpose"
    case .secFetchMode: "sec-fetch-mode"
    case .secFetchSite: "sec-fetch-site"
    case .secFetchDest: "sec-fetch-dest"
    case .secFetchUser: "sec-fetch-user"
    case .secPurpose: "sec-purpose"
    case .secGPC: "sec-gpc"
    case .secCHUA: "sec-ch-ua"
    case .secCHUAMobile: "sec-ch-ua-mobile"
    case .secCHUAPlatform: "sec-ch-ua-platform"
    case .secCHUAPlatformVersion: "sec-ch-ua-platform-version"
    case .secCHUAArch: "sec-ch-ua-arch"
    case .secCHUAModel: "sec-ch-ua-model"
    case .secCHUABitness: "sec-ch-ua-bitness"
    case .secCHUAFullVersion: "sec-ch-ua-full-version"
    case .secCHUAFullVersionList: "sec-ch-ua-full-version-list"
    case .secWebSocketKey: "sec-websocket-key"
    case .secWebSocketVersion: "sec-websocket-version"
    case .secWebSocketExtensions: "sec-websocket-extensions"
    case .secWebSocketProtocol: "sec-websocket-protocol"
    case .upgradeInsecureRequests: "upgrade-insecure-requests"
    case .dnt: "dnt"
    case .saveData: "save-data"
    case .accessControlRequestMethod: "access-control-request-method"
    case .accessControlRequestHeaders: "access-control-request-headers"
    case .proxy: "proxy"
    case .proxyConnection: "proxy-connection"
    case .proxyAuthorization: "proxy-authorization"
    case .proxyAuthenticate: "proxy-authenticate"
    case .proxyAuthenticationInfo: "proxy-authentication-info"
    case .server: "server"
    case .setCookie: "set-cookie"
    case .location: "location"
    case .etag: "etag"
    case .lastModified: "last-modified"
    case .vary: "vary"
    case .acceptRanges: "accept-ranges"
    case .contentRange: "content-range"
    case .contentDisposition: "content-disposition"
    case .expires: "expires"
    case .link: "link"
    case .contentDigest: "content-digest"
    case .reprDigest: "repr-digest"
    case .digest: "digest"
    case .contentMD5: "content-md5"
    }
  }
}

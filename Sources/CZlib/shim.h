#ifndef MARTLET_CZLIB_H
#define MARTLET_CZLIB_H

#include <zlib.h>

// deflateInit2() is a macro, which Swift can't call: it hands the version of the header on, for zlib to compare with its
// own. 16 more than the window's size asks for a gzip wrapper (RFC 1952) instead of zlib's.
static inline int martlet_gzip_begin(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

// The same of inflateInit2(), for tests.
static inline int martlet_gunzip_begin(z_stream *stream) { return inflateInit2(stream, 15 + 16); }

#endif

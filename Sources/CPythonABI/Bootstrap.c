#include "CPythonABI.h"

// Compiled in, so that one file is the whole program and no Python package has to be installed beside the
// application.
static const char source[] = {
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
#embed "../../python/martlet/bootstrap.py" suffix(, )
#pragma clang diagnostic pop
    0};

const char *martlet_bootstrap_source(void) { return source; }

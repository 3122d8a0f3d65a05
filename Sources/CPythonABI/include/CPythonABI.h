// CPython's C API without Python.h: opaque types, and a table of pointers filled at run time from whichever
// libpython the chosen interpreter belongs to. Swift calls the functions below by CPython's own names.

#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct _object PyObject;
typedef struct _typeobject PyTypeObject;
typedef struct _ts PyThreadState;
typedef struct PyModuleDef PyModuleDef;
typedef ssize_t Py_ssize_t;

// Part of the stable ABI: its layout is the same in every version.
typedef struct PyMethodDef {
  const char *ml_name;
  PyObject *(*ml_meth)(PyObject *, PyObject *);
  int ml_flags;
  const char *ml_doc;
} PyMethodDef;

enum {
  MARTLET_METH_FASTCALL = 0x0080,
  MARTLET_METH_KEYWORDS = 0x0002,
  MARTLET_PYTHON_API_VERSION = 1013,
};

#define MARTLET_HIDDEN __attribute__((visibility("hidden")))

struct martlet_cpython {
#define FUNCTION(result, name, parameters, arguments) result(*name) parameters;
#define OPTIONAL(result, name, parameters, arguments) result(*name) parameters;
#define DATA(type, name) void *name;
#include "CPythonFunctions.def"
#undef FUNCTION
#undef OPTIONAL
#undef DATA
};

MARTLET_HIDDEN extern struct martlet_cpython martlet_cpython;

/// Resolves every entry in `library` (a handle of dlopen, or NULL for what the process already has).
/// Returns NULL, or the name of the first required entry that is not there.
MARTLET_HIDDEN const char *martlet_cpython_load(void *library);

#define FUNCTION(result, name, parameters, arguments) \
  static inline result name parameters { return martlet_cpython.name arguments; }
#define OPTIONAL(result, name, parameters, arguments) \
  static inline result name parameters { return martlet_cpython.name arguments; } \
  static inline int martlet_has_##name(void) { return martlet_cpython.name != NULL; }
#define DATA(type, name) \
  static inline void *martlet_##name(void) { return martlet_cpython.name; }
#include "CPythonFunctions.def"
#undef FUNCTION
#undef OPTIONAL
#undef DATA

/// A function that takes its arguments as an array (METH_FASTCALL | METH_KEYWORDS).
typedef PyObject *(*martlet_fastcall)(PyObject *self, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords);

// Swift can't cast between C function types; CPython's own headers do it the same way.
static inline void martlet_method_set(PyMethodDef *method, const char *name, martlet_fastcall function) {
  method->ml_name = name;
  method->ml_meth = (PyObject * (*)(PyObject *, PyObject *))(void (*)(void))function;
  method->ml_flags = MARTLET_METH_FASTCALL | MARTLET_METH_KEYWORDS;
  method->ml_doc = NULL;
}

/// A definition for PyModule_Create2, never released. `header_size` is `object.__basicsize__`: what stands
/// before the fields differs between versions and between builds, so it is asked of the interpreter.
MARTLET_HIDDEN PyModuleDef *martlet_module_definition(size_t header_size, const char *name, PyMethodDef *methods);

/// The Python half of start-up (python/martlet/bootstrap.py), as a NUL-terminated string.
MARTLET_HIDDEN const char *martlet_bootstrap_source(void);

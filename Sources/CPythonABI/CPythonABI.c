#define _GNU_SOURCE  // RTLD_DEFAULT

#include "CPythonABI.h"

#include <dlfcn.h>
#include <stdlib.h>

struct martlet_cpython martlet_cpython;

struct entry {
  const char *name;
  void **slot;
  int optional;
};

static const struct entry entries[] = {
#define FUNCTION(result, name, parameters, arguments) {#name, (void **)&martlet_cpython.name, 0},
#define OPTIONAL(result, name, parameters, arguments) {#name, (void **)&martlet_cpython.name, 1},
#define DATA(type, name) {#name, &martlet_cpython.name, 0},
#include "CPythonFunctions.def"
#undef FUNCTION
#undef OPTIONAL
#undef DATA
};

const char *martlet_cpython_load(void *library) {
  void *handle = library != NULL ? library : RTLD_DEFAULT;
  for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
    void *address = dlsym(handle, entries[i].name);
    if (address == NULL && !entries[i].optional) return entries[i].name;
    *entries[i].slot = address;
  }
  return NULL;
}

// What follows PyModuleDef's PyObject header; unchanged since Python 3.5 (PEP 489).
struct module_fields {
  PyObject *(*init)(void);
  Py_ssize_t index;
  PyObject *copy;
  const char *name;
  const char *doc;
  Py_ssize_t size;
  PyMethodDef *methods;
  void *slots;
  void *traverse;
  void *clear;
  void *free;
};

PyModuleDef *martlet_module_definition(size_t header_size, const char *name, PyMethodDef *methods) {
  char *memory = calloc(1, header_size + sizeof(struct module_fields));
  if (memory == NULL) return NULL;
  struct module_fields *fields = (struct module_fields *)(void *)(memory + header_size);
  fields->name = name;
  fields->size = -1;
  fields->methods = methods;
  return (PyModuleDef *)(void *)memory;
}

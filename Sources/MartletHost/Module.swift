import Composition

/// Where a running CPython enters when it loads this library as the extension module `_martlet`.
@_cdecl("PyInit__martlet")
public func initializeModule() -> UnsafeMutableRawPointer? {
  MartletModule.initializeHosted()
}

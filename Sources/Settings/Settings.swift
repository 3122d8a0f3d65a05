import ArgumentParser

/// Everything that can be told to Martlet on its command line.
///
/// Each property below is the one definition of its option: name, type, bounds, default and meaning. The
/// names and meanings are Gunicorn's where Gunicorn has the option.
package struct Settings: ParsableCommand {
  package static let version = "0.1.0"

  package static let configuration = CommandConfiguration(
    commandName: "martlet",
    abstract: "Serve a Python WSGI application, and its static files, over HTTP.",
    usage: "martlet APP [options]",
    version: "martlet \(version)"
  )

  @Argument(
    help: ArgumentHelp(
      """
      The application: package.module:callable, package.module:factory(), package.module, \
      or the path of a .py file, with or without :name. Not needed beside --mount.
      """,
      valueName: "APP"
    ),
    transform: { text in try NonEmptyText(parsing: text).description }
  )
  package var application: String?

  @OptionGroup(title: "Server")
  package var server: Server

  @OptionGroup(title: "Compression")
  package var compression: Compression

  @OptionGroup(title: "Proxies")
  package var proxies: Proxies

  @OptionGroup(title: "Python")
  package var python: Python

  @OptionGroup(title: "Logs")
  package var logs: Logs

  @OptionGroup(title: "Timeouts")
  package var timeouts: Timeouts

  @OptionGroup(title: "Limits")
  package var limits: Limits

  package init() {}

  /// Every application with the path it is under: APP under "/".
  package var mounts: [ApplicationMount] {
    (application.map { [ApplicationMount(prefix: "/", application: $0)] } ?? []) + server.mounts
  }
}

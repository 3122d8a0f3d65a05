import Composition
import Glibc

exit(EmbeddedProgram.run(Array(CommandLine.arguments.dropFirst())))

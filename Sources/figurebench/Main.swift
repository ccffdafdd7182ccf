import Glibc

@main struct Main {
  static func main() { exit(BenchmarkProgram.main(Array(CommandLine.arguments.dropFirst()))) }
}

/// Sends what has been printed so far to whoever reads it.
func flushOutput() { fflush(nil) }

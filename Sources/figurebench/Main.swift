import Glibc

@main struct Main {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      switch arguments.first {
      case "networks": try NetworkBenchmark.main(Array(arguments.dropFirst()))
      case "floor": try FloorBenchmark.main(Array(arguments.dropFirst()))
      default:
        throw BenchmarkError(description: "usage: figurebench networks|floor [options]")
      }
    } catch {
      let message = Array("figurebench: \(error)\n".utf8)
      _ = unsafe write(STDERR_FILENO, message, message.count)
      exit(1)
    }
  }
}

/// Sends what has been printed so far to whoever reads it.
func flushOutput() { fflush(nil) }

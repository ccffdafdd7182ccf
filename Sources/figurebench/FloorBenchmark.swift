import FoundationEssentials
import Inference
import Kernels

/// The least time that each network can take on one core of this machine.
///
/// For each convolution and fully connected layer, whichever is longer: its operations at the rate
/// of multiply-adds in registers, or its bytes at the rate of reading what the third-level cache
/// holds. All in single precision.
struct FloorBenchmark: Codable {
  struct Floor: Codable {
    let network: String
    let width: Int
    let height: Int
    let operations: Int
    let bytes: Int
    let milliseconds: Double
  }

  let level: String
  /// Operations a second, in billions; a multiply-add is two.
  let peakBillions: Double
  /// Bytes a second, in billions.
  let bandwidthBillions: Double
  let floors: [Floor]

  /// More than a second-level cache holds, and less than a third-level one.
  private static let bufferBytes = 8 << 20

  /// Measures the two rates and computes the floors of the standard cases.
  ///
  /// - Parameters:
  ///   - directory: the folder of the model files.
  ///   - level: the instructions to use.
  /// - Throws: ``ModelError``.
  init(directory: String, level: ProcessorLevel) throws {
    let kernels = KernelTable.forLevel(level)
    let (peak, bandwidth) = (Self.peak(kernels), Self.bandwidth(kernels))
    let benchmark = try NetworkBenchmark(
      NetworkBenchmark.Source(directory: directory, level: level, precision: .float32))
    self.level = kernels.level.rawValue
    (peakBillions, bandwidthBillions) = (peak * 1e-9, bandwidth * 1e-9)
    floors = try NetworkBenchmark.Case.standard.map { item in
      let costs = try benchmark.network(of: item).layerCosts(width: item.width, height: item.height)
      let seconds = costs.map { max(Double($0.operations) / peak, Double($0.bytes) / bandwidth) }
      return Floor(
        network: item.network, width: item.width, height: item.height,
        operations: costs.reduce(0) { $0 + $1.operations },
        bytes: costs.reduce(0) { $0 + $1.bytes }, milliseconds: seconds.reduce(0, +) * 1e3)
    }
  }

  private static func peak(_ kernels: KernelTable) -> Double {
    let rounds = 200_000
    return best { kernels.multiplyInRegisters(rounds, 0.999) }
      * Double(rounds * kernels.operationsPerRound)
  }

  private static func bandwidth(_ kernels: KernelTable) -> Double {
    let values = [Float](repeating: 1, count: bufferBytes / MemoryLayout<Float>.stride)
    return best {
      unsafe values.withUnsafeBufferPointer { values in
        unsafe values.baseAddress.map { unsafe kernels.readThrough($0, values.count) } ?? 0
      }
    } * Double(bufferBytes)
  }

  /// How often a second `work` can be done: the best of many times, of the processor's time.
  private static func best(_ work: () -> Float) -> Double {
    var shortest = Double.infinity
    var sum: Float = 0
    for _ in 0..<100 {
      let start = threadTime()
      sum += work()
      shortest = min(shortest, threadTime() - start)
    }
    // Using the sum keeps the work from being left out.
    return sum.isNaN ? 0 : 1e3 / shortest
  }
}

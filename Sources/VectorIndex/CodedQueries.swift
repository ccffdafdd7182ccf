internal import KernelTypes

/// Queries rounded to 8 bits, to be compared with ``CodedRows``.
struct CodedQueries {
  /// `[step][half][query]`: four codes in a word.
  private(set) var words: [Int32] = []
  /// `[query][half][step]`, with zeros behind the steps.
  private(set) var wordsInOrder: [Int32] = []
  /// What the codes stand for; ``setFloors(rowLength:_:)`` completes it.
  private(set) var facts: [CodedQuery] = []
  /// The length of what each query has lost, and what sums of floats lose.
  private var errors: [Float] = []
  let codesPerRow: Int

  var count: Int { facts.count }

  /// None yet.
  ///
  /// - Parameter codesPerRow: of the rows that they are compared with.
  init(codesPerRow: Int) { self.codesPerRow = codesPerRow }

  /// Codes a query.
  ///
  /// - Parameter query: finite numbers, at most ``codesPerRow``.
  mutating func append(_ query: [Float]) {
    var largest: Float = 0
    for number in query { largest = max(largest, abs(number)) }
    let limit = Float(CodedRows.largestCode)
    let step = largest / limit
    var codes = [Int8](repeating: 0, count: codesPerRow)
    var (length, lost, sum) = (Float(0), Float(0), 0)
    for index in query.indices {
      let code = step > 0 ? (query[index] / step).rounded() : 0
      codes[index] = Int8(max(-limit, min(limit, code)))
      sum += Int(codes[index])
      let rest = query[index] - Float(codes[index]) * step
      length += query[index] * query[index]
      lost += rest * rest
    }
    let own = (0..<codesPerRow / 4).map { place in
      Int32(
        bitPattern: (0..<4).reversed().reduce(UInt32(0)) {
          $0 << 8 | UInt32(UInt8(bitPattern: codes[4 * place + $1]))
        })
    }
    words = own.indices.flatMap { words[$0 * count..<($0 + 1) * count] + [own[$0]] }
    let steps = codesPerRow / codesPerStep
    let padding = unsafe CodeScanBlock.bytesPerRow(steps: steps) / 4 - steps
    for half in 0..<2 {
      wordsInOrder += (0..<steps).map { own[2 * $0 + half] }
      wordsInOrder += [Int32](repeating: 0, count: padding)
    }
    // Sums of floats are wrong by at most half a unit in the last place for each addition.
    let rounding = Float(query.count + 8) * Float.ulpOfOne
    let error =
      CodedRows.roundedUp(lost.squareRoot()) + rounding * CodedRows.roundedUp(length.squareRoot())
    // The product of the lengths counts what a row loses and the query keeps.
    let kept = CodedRows.roundedUp(length.squareRoot()) + error
    let rowLoss = CodedRows.roundedUp(0.5 * Float(query.count).squareRoot())
    facts.append(
      CodedQuery(
        coarseStep: 16 * step,
        coarseOffset: (CodedRows.middleOfHalf - CodedRows.zeroCode) * step * Float(sum),
        fineStep: step, fineOffset: rowLoss * kept - CodedRows.zeroCode * step * Float(sum),
        length: kept, slack: 0, floor: -.infinity))
    errors.append(error)
  }

  /// Gets ready for a comparison.
  ///
  /// - Parameters:
  ///   - rowLength: at least the length of each row.
  ///   - floor: the least bound that is worth a look, for each query.
  mutating func setFloors(rowLength: Float, _ floor: (_ query: Int) -> Float) {
    for query in facts.indices {
      facts[query].slack = rowLength * errors[query]
      facts[query].floor = floor(query)
    }
  }
}

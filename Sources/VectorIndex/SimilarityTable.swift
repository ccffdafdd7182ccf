/// The inner products of all pairs of rows of a dense matrix, as a full symmetric table.
///
/// - Parameters:
///   - rows: `n × dimension`, row-major.
///   - dimension: the number of columns.
/// - Returns: `n × n`, row-major; with unit-length rows a table of cosine similarities.
/// - Precondition: `rows` has a whole number of rows.
public func similarityTable(of rows: [Float], dimension: Int) -> [Float] {
  precondition(dimension > 0 && rows.count.isMultiple(of: dimension), "whole rows")
  let count = rows.count / dimension
  var table = [Float](repeating: 0, count: count * count)
  var products = [Float](repeating: 0, count: count)
  let all = rows.span
  for row in 0..<count {
    let query = all.extracting(row * dimension..<(row + 1) * dimension)
    let rest = all.extracting(row * dimension..<count * dimension)
    var output = products.mutableSpan
    innerProducts(query, rows: rest, rowCount: count - row, into: &output)
    for offset in 0..<count - row {
      table[row * count + row + offset] = products[offset]
      table[(row + offset) * count + row] = products[offset]
    }
  }
  return table
}

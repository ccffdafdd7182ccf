/// A sorted list of which a part at a time is read.
struct PagedQuery {
  /// The columns of a record.
  var columns: SQL
  /// Where they come from.
  var source: SQL
  /// What is joined to the rows of a page alone, for the columns of a record.
  var details: SQL = ""
  var conditions: [SQL]
  /// What is sorted by, never NULL; `nil` if that is the id itself.
  var key: SQL?
  var id: SQL
  /// Marks the cursors of this list and this key.
  var sortCode: UInt8
  var order: SortOrder
  /// The order of objects with equal keys; `nil` if it is the same.
  var idOrder: SortOrder?
}

extension Snapshot {
  /// More objects than this are never read at once.
  static var pageSizeLimit: Int { 10_000 }

  /// Reads a part of a list, and counts all of it if asked to.
  ///
  /// - Precondition: sizes are not negative, and page numbers start at 1.
  final func page<Record>(
    _ query: PagedQuery, _ request: PageRequest, includesTotal: Bool,
    read: (inout Row) throws(StoreError) -> Record
  ) throws(StoreError) -> Page<Record> {
    var conditions = query.conditions
    let size: Int
    var offset = 0
    var start: PageCursor?
    switch request {
    case .after(let cursor, let count):
      precondition(count >= 0, "a page has a size")
      size = min(count, Self.pageSizeLimit)
      start = cursor
      if let cursor { conditions.append(try condition(query, after: cursor)) }
    case .numbered(let number, let count):
      precondition(number >= 1 && count >= 0, "pages are counted from 1")
      size = min(count, Self.pageSizeLimit)
      let (product, overflow) = (number - 1).multipliedReportingOverflow(by: size)
      offset = overflow ? Int.max : product
    }
    let total =
      includesTotal
      ? try count("SELECT count(*) FROM \(query.source) WHERE \(query.conditions.conjunction)")
      : nil
    guard size > 0 else { return Page(records: [], next: start, total: total) }

    // The places are found first: a record is costly to put together, and to carry through a sort.
    let key = query.key ?? query.id
    let keyDirection = query.order.direction
    let idDirection = (query.idOrder ?? query.order).direction
    var last: PageCursor?
    var records: [Record] = []
    var hasMore = false
    try forEachRow(
      """
      SELECT \(query.columns), place.key, place.id FROM (
        SELECT \(key) AS key, \(query.id) AS id FROM \(query.source)
        WHERE \(conditions.conjunction) ORDER BY \(key) \(keyDirection), \(query.id) \(idDirection)
        LIMIT \(size + 1) OFFSET \(offset)
      ) AS place CROSS JOIN \(query.source) ON \(query.id) = place.id \(query.details)
      ORDER BY place.key \(keyDirection), place.id \(idDirection)
      """
    ) { row throws(StoreError) in
      guard records.count < size else {
        hasMore = true
        return
      }
      records.append(try read(&row))
      let value = row.value()
      last = PageCursor(
        sortCode: query.sortCode, order: query.order, value: query.key == nil ? nil : value,
        id: row.integer())
    }
    return Page(records: records, next: hasMore ? last : nil, total: total)
  }

  private func condition(
    _ query: PagedQuery, after cursor: PageCursor
  ) throws(StoreError) -> SQL {
    guard cursor.sortCode == query.sortCode, cursor.order == query.order,
      (cursor.value == nil) == (query.key == nil)
    else { throw .invalidCursor }
    let isAfter = query.order.comparison
    guard let key = query.key, let value = cursor.value else {
      return "\(query.id) \(isAfter) \(cursor.id)"
    }
    let isIDAfter = (query.idOrder ?? query.order).comparison
    return """
      \(key) \(isAfter)= \(value)
      AND (\(key) \(isAfter) \(value) OR \(query.id) \(isIDAfter) \(cursor.id))
      """
  }
}

extension SortOrder {
  fileprivate var direction: SQL { self == .ascending ? "ASC" : "DESC" }
  fileprivate var comparison: SQL { self == .ascending ? ">" : "<" }
}

extension TimestampRange {
  /// The conditions under which the moment in `column` lies in the range.
  func conditions(on column: SQL) -> [SQL] {
    var conditions: [SQL] = []
    if let earliest { conditions.append("\(column) >= \(earliest)") }
    if let latest { conditions.append("\(column) <= \(latest)") }
    return conditions
  }
}

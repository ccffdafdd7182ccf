/// A sorted list of which a part at a time is read.
struct PagedQuery {
  /// The columns of a record.
  var columns: SQL
  /// Where they come from.
  var source: SQL
  var conditions: [SQL]
  /// What is sorted by, never NULL; `nil` if that is the id itself.
  var key: SQL?
  var id: SQL
  /// Marks the cursors of this list and this key.
  var sortCode: UInt8
  var order: SortOrder
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

    let direction: SQL = query.order == .ascending ? "ASC" : "DESC"
    let sorting: SQL =
      if let key = query.key { "\(key) \(direction), \(query.id) \(direction)" } else {
        "\(query.id) \(direction)"
      }
    let key: SQL = query.key ?? "NULL"
    var last: PageCursor?
    var records: [Record] = []
    var hasMore = false
    try forEachRow(
      """
      SELECT \(query.columns), \(key), \(query.id) FROM \(query.source)
      WHERE \(conditions.conjunction) ORDER BY \(sorting) LIMIT \(size + 1) OFFSET \(offset)
      """
    ) { row throws(StoreError) in
      guard records.count < size else {
        hasMore = true
        return
      }
      records.append(try read(&row))
      let value = row.value()
      last = PageCursor(
        sortCode: query.sortCode, order: query.order, value: value == .null ? nil : value,
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
    let comparison: SQL = query.order == .ascending ? ">" : "<"
    guard let key = query.key, let value = cursor.value else {
      return "\(query.id) \(comparison) \(cursor.id)"
    }
    return "(\(key), \(query.id)) \(comparison) (\(value), \(cursor.id))"
  }
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

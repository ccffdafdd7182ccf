import FaceStore
import Testing

@Suite struct SQLTests {
  @Test func interpolatedValuesBecomeParameters() {
    let name = "'; DROP TABLE media; --"
    let sql: SQL =
      "SELECT \(1) WHERE name = \(name) AND x IN (\(list: [2, 3])) AND y = \(nil as Int?)"
    #expect(sql.text == "SELECT ? WHERE name = ? AND x IN (?,?) AND y = ?")
    #expect(sql.values == [.integer(1), .text(name), .integer(2), .integer(3), .null])
  }

  @Test func interpolatedSQLBecomesText() {
    let condition: SQL = "a = \(7)"
    let sql: SQL = "SELECT 1 WHERE \(condition) AND b = \(8)"
    #expect(sql.text == "SELECT 1 WHERE a = ? AND b = ?")
    #expect(sql.values == [.integer(7), .integer(8)])
  }
}

import Glibc
import Testing

@Suite struct UnitFileTests {
  private let unit =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
      separator: "/") + "/systemd/figured.service"

  /// In tenths, as systemd-analyze(1) counts what an attacker could reach through the daemon.
  private let exposureLimit = 5

  @Test func exposesLittle() {
    guard system("command -v systemd-analyze >/dev/null 2>&1") == 0 else {
      print("skipped: systemd-analyze is not installed")
      return
    }
    let status = system(
      "systemd-analyze security --offline=true --threshold=\(exposureLimit) --no-pager '\(unit)' "
        + ">/dev/null 2>&1")
    #expect(status == 0)
  }
}

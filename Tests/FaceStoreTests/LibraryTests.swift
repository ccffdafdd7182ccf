import FaceStore
import FaceTypes
import Testing

@Suite struct LibraryTests {
  @Test func createsFindsAndLists() throws {
    let test = try TestStore()
    let created = try test.store.write {
      try $0.createLibrary(named: "b", description: "second", settings: #"{"a":1}"#)
    }
    _ = try test.library("a")
    try test.store.read { snapshot throws in
      #expect(try snapshot.library(named: "b") == created)
      #expect(try snapshot.library(created.id) == created)
      #expect(try snapshot.libraries().map(\.name) == ["a", "b"])
      #expect(try snapshot.library(named: "c") == nil)
    }
  }
}

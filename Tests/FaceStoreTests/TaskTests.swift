import FaceStore
import FaceTypes
import Testing

@Suite struct TaskTests {
  private struct Fixture {
    let test: TestStore
    let library: LibraryID

    init() throws {
      test = try TestStore()
      library = try test.library()
    }

    func task(_ kind: String = "import", paths: [String] = [], user: UInt32 = 0) throws -> TaskID {
      try test.store.write { transaction in
        let task = try transaction.insertTask(
          NewTask(library: library, kind: kind, requestedBy: user))
        if !paths.isEmpty { try transaction.appendItems(to: task, paths: paths) }
        return task
      }
    }

    func record(_ task: TaskID) throws -> TaskRecord {
      try #require(try test.store.read { try $0.task(task) })
    }
  }

  @Test func givesBackWhatWasInserted() throws {
    let fixture = try Fixture()
    let new = NewTask(
      library: nil, kind: "recluster", parameters: #"{"x":[]}"#, userData: "u",
      requestedBy: .max)
    let id = try fixture.test.store.write { try $0.insertTask(new) }
    let record = try fixture.record(id)
    #expect(record.publicID == new.publicID)
    #expect(record.library == nil)
    #expect(record.kind == "recluster")
    #expect(record.status == .queued)
    #expect(record.parameters == #"{"x":[]}"#)
    #expect(record.userData == "u")
    #expect(record.requestedBy == .max)
    #expect(record.progress == TaskProgress(total: 0, done: 0, refused: 0))
    #expect(record.started == nil && record.ended == nil)
    let found = try fixture.test.store.read { try $0.task(withPublicID: new.publicID) }
    #expect(found == record)
    #expect(throws: StoreError.invalidValue(field: "parameters", reason: "it is not JSON")) {
      try fixture.test.store.write {
        try $0.insertTask(NewTask(library: nil, kind: "k", parameters: "", requestedBy: 0))
      }
    }
  }

  @Test func itemsAreClaimedInOrderAndFinished() throws {
    let fixture = try Fixture()
    let store = fixture.test.store
    let task = try fixture.task(paths: (0..<5).map { "/\($0)" })
    let media = try fixture.test.media(fixture.library, "/0")
    let first = try store.write { try $0.claimItems(of: task, count: 2) }
    #expect(first.map(\.ordinal) == [0, 1])
    #expect(first.map(\.path) == ["/0", "/1"])
    #expect(first.map(\.state) == [.claimed, .claimed])
    #expect(try store.write { try $0.claimItems(of: task, count: 2) }.map(\.ordinal) == [2, 3])
    try store.write {
      try $0.finishItems(
        of: task,
        [
          TaskItemOutcome(ordinal: 0, result: .done(media)),
          TaskItemOutcome(ordinal: 1, result: .refused(code: "Corrupt", message: "bad")),
          TaskItemOutcome(ordinal: 99, result: .done(nil)),
        ])
      // What is finished stays as it is, and is counted once.
      try $0.finishItems(of: task, [TaskItemOutcome(ordinal: 1, result: .done(nil))])
    }
    #expect(try fixture.record(task).progress == TaskProgress(total: 5, done: 1, refused: 1))
    let items = try store.read { try $0.taskItems(of: task, count: 10) }
    #expect(
      items.map(\.state) == [
        .done(media), .refused(code: "Corrupt", message: "bad"), .claimed, .claimed, .queued,
      ])
    let refused = try store.read { try $0.taskItems(of: task, state: .refused, count: 10) }
    #expect(refused.map(\.ordinal) == [1])
    #expect(try store.read { try $0.taskItems(of: task, after: 3, count: 9) }.map(\.ordinal) == [4])
    #expect(try fixture.test.isIntact())
    // The item outlives its medium.
    _ = try store.write { try $0.deleteMedia([media]) }
    #expect(try store.read { try $0.taskItems(of: task, count: 1)[0].state } == .done(nil))
  }

  @Test func appendsFurtherItems() throws {
    let fixture = try Fixture()
    let task = try fixture.task(paths: ["/a"])
    try fixture.test.store.write {
      try $0.appendItems(to: task, paths: ["/b", "/c"])
      try $0.appendItems(to: task, paths: [])
    }
    #expect(try fixture.record(task).progress.total == 3)
    let items = try fixture.test.store.read { try $0.taskItems(of: task, count: 9) }
    #expect(items.map(\.path) == ["/a", "/b", "/c"])
    #expect(items.map(\.ordinal) == [0, 1, 2])
    #expect(throws: StoreError.notFound(.task, key: "99")) {
      try fixture.test.store.write {
        try $0.appendItems(to: TaskID(rawValue: 99), paths: ["/a"])
      }
    }
  }

  @Test func claimedItemsOfOpenTasksAreQueuedAgainAfterARestart() throws {
    let fixture = try Fixture()
    let store = fixture.test.store
    let open = try fixture.task(paths: ["/a", "/b"])
    let ended = try fixture.task(paths: ["/c"])
    try store.write {
      _ = try $0.claimItems(of: open, count: 1)
      _ = try $0.claimItems(of: ended, count: 1)
      try $0.endTask(ended, .cancelled)
    }
    #expect(try store.write { try $0.releaseClaimedItems() } == 1)
    #expect(try store.read { try $0.openTasks() }.map(\.id) == [open])
    #expect(try store.write { try $0.claimItems(of: open, count: 9) }.map(\.path) == ["/a", "/b"])
  }

  @Test func livesFromQueuedToEnded() throws {
    let fixture = try Fixture()
    let store = fixture.test.store
    let task = try fixture.task()
    fixture.test.clock.advance(by: 1)
    let start = fixture.test.clock.now
    #expect(try store.write { try $0.startTask(task) })
    fixture.test.clock.advance(by: 1)
    // Started again after a restart of the daemon.
    #expect(try store.write { try $0.startTask(task) })
    #expect(try fixture.record(task).status == .running)
    #expect(try fixture.record(task).started == start)
    try store.write {
      try $0.setProgress(of: task, TaskProgress(total: 10, done: 4, refused: 1))
    }
    #expect(try store.write { try $0.endTask(task, .succeeded, message: "done") })
    // A cancellation that comes too late changes nothing.
    #expect(try store.write { try $0.endTask(task, .cancelled) } == false)
    #expect(try store.write { try $0.startTask(task) } == false)
    let record = try fixture.record(task)
    #expect(record.status == .succeeded)
    #expect(record.message == "done")
    #expect(record.ended == fixture.test.clock.now)
    #expect(record.progress == TaskProgress(total: 10, done: 4, refused: 1))
  }

  @Test func listsNewestFirstWithFilters() throws {
    let fixture = try Fixture()
    let store = fixture.test.store
    let tasks = try (0..<6).map {
      try fixture.task($0 % 2 == 0 ? "even" : "odd", user: UInt32($0 % 3))
    }
    try store.write { try $0.endTask(tasks[2], .failed, message: "m") }
    func numbers(_ query: TaskQuery) throws -> [Int] {
      let page = try store.read { try $0.tasks(query, page: .first(9), includesTotal: true) }
      #expect(page.total == page.records.count)
      return page.records.compactMap { tasks.firstIndex(of: $0.id) }
    }
    #expect(try numbers(TaskQuery()) == [5, 4, 3, 2, 1, 0])
    #expect(try numbers(TaskQuery(kind: "even", order: .ascending)) == [0, 2, 4])
    #expect(try numbers(TaskQuery(statuses: [.failed, .succeeded])) == [2])
    #expect(try numbers(TaskQuery(requestedBy: 1)) == [4, 1])
    #expect(try numbers(TaskQuery(library: LibraryID(rawValue: 9))) == [])
    let first = try store.read { try $0.tasks(TaskQuery(), page: .first(4)) }
    let second = try store.read { try $0.tasks(TaskQuery(), page: .after(first.next, count: 4)) }
    #expect((first.records + second.records).map(\.id) == tasks.reversed())
    #expect(second.next == nil)
  }

  @Test func oldTasksAreDeletedWithTheirItems() throws {
    let fixture = try Fixture()
    let store = fixture.test.store
    let old = try fixture.task(paths: ["/a"])
    let open = try fixture.task(paths: ["/b"])
    try store.write { try $0.endTask(old, .succeeded) }
    let moment = Timestamp(milliseconds: fixture.test.clock.now.milliseconds + 1)
    #expect(try store.write { try $0.deleteTasks(endedBefore: moment) } == 1)
    #expect(try store.read { try $0.task(old) } == nil)
    #expect(try store.read { try $0.taskItems(of: old, count: 1) }.isEmpty)
    #expect(try store.read { try $0.taskItems(of: open, count: 1) }.count == 1)
  }
}

# make demo   builds, starts a daemon on a temporary directory and shows what it does
# make test   builds and runs every test
# make bench  measures against the peers (Python, in a virtual environment of its own)
# make lint   checks the format
# make install DESTDIR=… prefix=/usr/local   installs programs, models, units and man pages

prefix ?= /usr/local
sysconfdir ?= /etc
unitdir ?= /usr/lib/systemd/system
SWIFT ?= swift
BUILD = $(SWIFT) build -c release
BIN = .build/release

PACKAGES = libopenblas-dev libjpeg-dev libpng-dev libwebp-dev libheif-dev libexif-dev \
  libsqlite3-dev libssl-dev libsystemd-dev pkg-config

.PHONY: all packages test-packages build test demo bench lint format install man clean

all: build

# Installs the Debian packages that are missing, and says so.
packages:
	@.ci/packages $(PACKAGES)

test-packages: packages
	@.ci/packages socat systemd

build: packages
	$(BUILD)

test: test-packages
	$(BUILD) --build-tests
	$(SWIFT) test -c release --skip-build

demo: build
	Examples/demo $(BIN)

bench: build
	Benchmarks/run $(BIN)

lint:
	$(SWIFT) format lint --strict -p -r Sources Tests Package.swift

format:
	$(SWIFT) format -i -p -r Sources Tests Package.swift

clean:
	rm -rf .build

# make demo   builds, starts a daemon on a temporary directory and shows what it does
# make test   builds and runs every test
# make bench  measures against the peers (Python, in a virtual environment of its own)
# make lint   checks the format
# make build, then as root: make install [prefix=/usr/local] [DESTDIR=…]
#             installs programs, models, configuration, systemd units, man pages, completions
# make uninstall   takes all of that away again, but neither configuration nor state

prefix ?= /usr/local
sysconfdir ?= /etc
# systemd looks for these below /usr/lib whatever the prefix is.
unitdir ?= /usr/lib/systemd/system
sysusersdir ?= /usr/lib/sysusers.d
tmpfilesdir ?= /usr/lib/tmpfiles.d

bindir = $(prefix)/bin
# The programs themselves, beside the Swift runtime that they were linked with: their run path
# holds $$ORIGIN, so a machine without Swift runs them.
libdir = $(prefix)/lib/figured
datadir = $(prefix)/share/figured
docdir = $(prefix)/share/doc/figured
mandir = $(prefix)/share/man
bashcompletiondir = $(prefix)/share/bash-completion/completions
zshcompletiondir = $(prefix)/share/zsh/site-functions
fishcompletiondir = $(prefix)/share/fish/vendor_completions.d
INSTALL_PROGRAM = install -m 0755
INSTALL_DATA = install -m 0644

SWIFT ?= swift
BUILD = $(SWIFT) build -c release
BIN = .build/release

PACKAGES = libopenblas-dev libjpeg-dev libpng-dev libwebp-dev libheif-dev libexif-dev \
  libsqlite3-dev libssl-dev libsystemd-dev pkg-config

# Where “make man” writes.
GENERATED = .build/generated
PROGRAMS = figured figurectl
MODELS = $(addprefix Models/,manifest.json yunet.json yunet.safetensors sface.json sface.safetensors \
  sface.ranges.safetensors age.json age.safetensors gender.json gender.safetensors expression.json \
  expression.safetensors mesh.json mesh.safetensors)
DOCUMENTS = README.md PROTOCOL.md ARCHITECTURE.md CHANGELOG.md LICENSE NOTICE

.PHONY: all packages test-packages build test demo bench lint format man programs install \
  uninstall clean

all: build

# Installs the Debian packages that are missing, and says so.
packages:
	@.ci/packages $(PACKAGES)

test-packages: packages
	@.ci/packages socat systemd ffmpeg

build: packages
	$(BUILD)

test: test-packages
	$(BUILD) --build-tests
	$(SWIFT) test -c release --skip-build --no-parallel

demo: build
	@.ci/packages ffmpeg
	Examples/demo $(BIN)

bench: build
	Benchmarks/run $(BIN)

lint:
	$(SWIFT) format lint --strict -p -r Sources Tests Package.swift

format:
	$(SWIFT) format -i -p -r Sources Tests Package.swift

# Manual pages and completions, as the programs describe themselves.
man: programs
	mkdir -p $(GENERATED)
	$(BIN)/figured --generate-man >$(GENERATED)/figured.8
	$(BIN)/figurectl --generate-man >$(GENERATED)/figurectl.1
	set -e; for program in $(PROGRAMS); do for shell in bash zsh fish; do \
	  $(BIN)/$$program --generate-completion $$shell >$(GENERATED)/$$program.$$shell; \
	done; done

programs:
	@test -x $(BIN)/figured -a -x $(BIN)/figurectl || \
	  { echo "There are no programs in $(BIN) yet: run “make build” first." >&2; exit 1; }

# Neither builds nor writes into the source tree, so that nothing there comes to belong to root.
install: programs
	install -d $(addprefix $(DESTDIR),$(bindir) $(libdir) $(datadir)/models $(docdir) \
	  $(mandir)/man1 $(mandir)/man8 $(bashcompletiondir) $(zshcompletiondir) \
	  $(fishcompletiondir) $(unitdir) $(sysusersdir) $(tmpfilesdir) $(sysconfdir)/figured)
	$(INSTALL_PROGRAM) $(addprefix $(BIN)/,$(PROGRAMS)) $(DESTDIR)$(libdir)/
	set -e; ldd $(addprefix $(BIN)/,$(PROGRAMS)) | awk '$$3 ~ "/swift/linux/" { print $$3 }' | \
	  sort -u | while read -r library; do \
	    $(INSTALL_DATA) "$$library" $(DESTDIR)$(libdir)/; \
	  done
	set -e; umask 022; for program in $(PROGRAMS); do \
	  ln -sf $(libdir)/$$program $(DESTDIR)$(bindir)/$$program; \
	  generate="$(BIN)/$$program --generate-completion"; \
	  $$generate bash >$(DESTDIR)$(bashcompletiondir)/$$program; \
	  $$generate zsh >$(DESTDIR)$(zshcompletiondir)/_$$program; \
	  $$generate fish >$(DESTDIR)$(fishcompletiondir)/$$program.fish; \
	done
	umask 022; $(BIN)/figurectl --generate-man >$(DESTDIR)$(mandir)/man1/figurectl.1
	umask 022; $(BIN)/figured --generate-man >$(DESTDIR)$(mandir)/man8/figured.8
	set -e; cd $(DESTDIR)$(datadir)/models; if test -e manifest.json; then \
	  cmp -s sface.json $(CURDIR)/Models/sface.json && \
	  cmp -s sface.safetensors $(CURDIR)/Models/sface.safetensors || { \
	    rm -rf ../models-previous; cp -a . ../models-previous; }; \
	fi
	$(INSTALL_DATA) $(MODELS) $(DESTDIR)$(datadir)/models/
	$(INSTALL_DATA) $(DOCUMENTS) $(DESTDIR)$(docdir)/
	umask 022; sed -e 's|^#\(socket-group =\).*|\1 "figured"|' \
	  -e 's|^#\(models-directory =\).*|\1 "$(datadir)/models"|' \
	  Config/figured.conf >$(DESTDIR)$(docdir)/figured.conf
	test -e $(DESTDIR)$(sysconfdir)/figured/figured.conf || \
	  $(INSTALL_DATA) $(DESTDIR)$(docdir)/figured.conf $(DESTDIR)$(sysconfdir)/figured/
	umask 022; sed -e \
	  's|^ExecStart=.*|ExecStart=$(bindir)/figured --config $(sysconfdir)/figured/figured.conf|' \
	  systemd/figured.service >$(DESTDIR)$(unitdir)/figured.service
	$(INSTALL_DATA) systemd/figured.socket $(DESTDIR)$(unitdir)/
	$(INSTALL_DATA) systemd/figured.sysusers $(DESTDIR)$(sysusersdir)/figured.conf
	$(INSTALL_DATA) systemd/figured.tmpfiles $(DESTDIR)$(tmpfilesdir)/figured.conf
	@echo
	@echo "Installed. To start the service: systemd-sysusers && systemctl daemon-reload &&"
	@echo "systemctl enable --now figured.socket"

uninstall:
	rm -f $(foreach program,$(PROGRAMS),$(addprefix $(DESTDIR),$(bindir)/$(program) \
	  $(bashcompletiondir)/$(program) $(zshcompletiondir)/_$(program) \
	  $(fishcompletiondir)/$(program).fish))
	rm -f $(addprefix $(DESTDIR),$(mandir)/man1/figurectl.1 $(mandir)/man8/figured.8 \
	  $(unitdir)/figured.service $(unitdir)/figured.socket $(sysusersdir)/figured.conf \
	  $(tmpfilesdir)/figured.conf)
	rm -rf $(addprefix $(DESTDIR),$(libdir) $(datadir) $(docdir))
	@echo "Kept: $(sysconfdir)/figured (configuration) and /var/lib/figured (faces and names)."

clean:
	rm -rf .build

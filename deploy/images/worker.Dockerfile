# A worker: Debian 12 (what the tests run on) with the interpreters of the templates, the jail, nsjail, and the daemon.
#   docker build -f deploy/images/worker.Dockerfile -t kube-sandcastle/worker:0.1.0 .
#   docker build -f deploy/images/worker.Dockerfile --target gvisor -t kube-sandcastle/worker:0.1.0-gvisor .
# nsjail publishes `latest` alone: name a digest with --build-arg NSJAIL=…@sha256:… for builds that can be repeated.
ARG DEBIAN=debian:bookworm-slim
ARG DOTNET_SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG DOTNET_RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0
ARG NSJAIL=ghcr.io/google/nsjail/nsjail:latest

FROM ${NSJAIL} AS nsjail

FROM ${DOTNET_RUNTIME} AS runtime

FROM ${DEBIAN} AS jail
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libseccomp-dev make
WORKDIR /source
COPY native native
RUN make -s -C native/jail

FROM ${DOTNET_SDK} AS daemon
WORKDIR /source
COPY . .
# Compiled ahead: the first run through a fresh process waits a third of a second for the compiler otherwise. Analyzers are for who changes it.
ARG TARGETARCH=amd64
RUN dotnet publish src/Sandcastle.Daemon -c Release -o /daemon -a "$TARGETARCH" --no-self-contained -p:PublishReadyToRun=true -p:RunAnalyzers=false -v quiet

FROM ${DEBIAN} AS worker
# What nsjail, .NET and the templates need. Debian's scipy, which matplotlib brings, depends on pythran, and that on a compiler and a
# gigabyte of headers, for building scipy alone: a package of that name without content stands in, and the image has no compiler.
RUN mkdir -p /tmp/pythran/DEBIAN \
  && printf '%s\n' 'Package: python3-pythran' 'Version: 99' 'Architecture: all' 'Maintainer: Kube-Sandcastle' 'Description: nothing' >/tmp/pythran/DEBIAN/control \
  && dpkg-deb -b /tmp/pythran /tmp/pythran.deb && dpkg -i /tmp/pythran.deb && rm -r /tmp/pythran /tmp/pythran.deb \
  && apt-get update \
  && apt-get install -y --no-install-recommends \
    ca-certificates libnl-route-3-200 libopenblas0-pthread libprotobuf32 libssl3 libstdc++6 nodejs \
    python3 python3-matplotlib python3-numpy python3-pandas \
  && rm -rf /var/lib/apt/lists/*
COPY --from=nsjail /bin/nsjail /usr/bin/nsjail
COPY --from=runtime /usr/share/dotnet /usr/share/dotnet
COPY --from=daemon /daemon /opt/sandcastle/daemon
COPY --from=jail /source/artifacts/native/sandcastle-jail /source/artifacts/native/libsandcastle_jail.so /opt/sandcastle/artifacts/native/
COPY guest /opt/sandcastle/guest
COPY policy /opt/sandcastle/policy
COPY templates /opt/sandcastle/templates
ENV SANDCASTLE_HOME=/opt/sandcastle \
    DOTNET_ROOT=/usr/share/dotnet \
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 \
    DOTNET_EnableDiagnostics=0
ENTRYPOINT ["/opt/sandcastle/daemon/sandcastled", "--require-keep=nsjail"]

# The same with gVisor for slots of profile gvisor.
FROM worker AS gvisor
# Where backports are is what the image's own sources say of its archive.
RUN sed 's/^Suites: .*/Suites: bookworm-backports/' /etc/apt/sources.list.d/debian.sources | awk -v RS= 'NR == 1' >/etc/apt/sources.list.d/backports.sources \
  && apt-get update \
  && apt-get install -y --no-install-recommends -t bookworm-backports runsc \
  && rm -rf /var/lib/apt/lists/*

FROM worker

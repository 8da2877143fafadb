# Manager and operator: the daemon alone, for roles that make no jail. No shell, no package manager, not root.
#   docker build -f deploy/images/manager.Dockerfile -t kube-sandcastle/manager:0.1.0 .
ARG DOTNET_SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG DOTNET_RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled

FROM ${DOTNET_SDK} AS daemon
WORKDIR /source
COPY . .
# Compiled ahead: the first run through a fresh process waits a third of a second for the compiler otherwise. Analyzers are for who changes it.
ARG TARGETARCH=amd64
RUN dotnet publish src/Sandcastle.Daemon -c Release -o /daemon -a "$TARGETARCH" --no-self-contained -p:PublishReadyToRun=true -p:RunAnalyzers=false -v quiet

FROM ${DOTNET_RUNTIME}
COPY --from=daemon /daemon /opt/sandcastle/daemon
ENV SANDCASTLE_HOME=/opt/sandcastle \
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 \
    DOTNET_EnableDiagnostics=0
USER 65532:65532
ENTRYPOINT ["/opt/sandcastle/daemon/sandcastled"]

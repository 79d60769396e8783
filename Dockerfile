# Two stages: build with the pinned toolchain, run as nobody on a small base with certificate authorities. Runs with a read-only
# root: what is written goes to /tmp (uploads under way) and, on SQLite, to /var/lib/hub.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p hub-server -p hub-agent --features hub-server/parquet

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/hub --create-home hub \
    && install -d -o hub -m 0700 /var/lib/hub/keys
COPY --from=build /src/target/release/hub /src/target/release/hub-agent /usr/local/bin/
USER hub
WORKDIR /var/lib/hub
ENV HUB_LISTEN=0.0.0.0:8080
EXPOSE 8080
# Asks the hub in this container whether it can do its work. It is not ready while it drains, and so gets no new requests.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["hub", "doctor", "--ready"]
ENTRYPOINT ["hub"]
CMD ["serve"]

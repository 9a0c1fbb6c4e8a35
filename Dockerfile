# development: the Go toolchain; docker-compose mounts the source at /src and keeps Go's caches in volumes.
FROM golang:1.26-trixie AS development
WORKDIR /src
# The mounted checkout belongs to another user, so git refuses it, and Go could not record the version.
ENV GOFLAGS=-buildvcs=false
EXPOSE 5000
# In the mounted source, the program's files would belong to root, so they are kept elsewhere. exec lets the program
# receive signals.
RUN mkdir -p /var/lib/guestlist
CMD ["sh", "-c", "go build -o /tmp/guestlist . && cd /var/lib/guestlist && exec /tmp/guestlist serve --upgrade"]
HEALTHCHECK --interval=5s --timeout=5s --start-period=300s CMD ["/tmp/guestlist", "healthcheck"]

# build: the static binary.
FROM development AS build
COPY go.mod go.sum ./
COPY app/stubs app/stubs
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/guestlist . && mkdir /out/data

# The production image: the binary, certificates, and an empty directory for the embedded database.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/guestlist /usr/local/bin/guestlist
COPY --from=build --chown=65532:65532 /out/data /var/lib/guestlist
ENV HOST=0.0.0.0 PATH=/usr/local/bin
WORKDIR /var/lib/guestlist
USER 65532:65532
EXPOSE 5000
ENTRYPOINT ["guestlist"]
CMD ["serve"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["guestlist", "healthcheck"]

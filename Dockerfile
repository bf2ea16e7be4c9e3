# One static file on an empty image, run as nobody in particular.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
COPY third_party third_party
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /out/lectern ./cmd/lectern && mkdir /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /zoneinfo.zip
COPY --from=build /out/lectern /lectern
COPY --from=build --chown=65532:65532 /out/data /data
# Large uploads and large sorts are set down beside the data: there is no other
# folder to write to.
ENV LECTERN_ADDR=0.0.0.0:8080 LECTERN_DATA=/data TMPDIR=/data ZONEINFO=/zoneinfo.zip
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
# No HEALTHCHECK: the image has nothing but the program. Whoever runs it asks
# GET /readyz from outside.
ENTRYPOINT ["/lectern"]
CMD ["serve"]

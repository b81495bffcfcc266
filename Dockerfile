# Drover as an image, for the old machine that Rancher 1.x itself runs on: `npm run bundle`, then `docker build --tag drover .`. How it is started says the guide, "Using Drover".
#
# Debian 11, never newer: under the seccomp profile of an old engine every call to the kernel that it does not know ends with EPERM. The C library of Debian 12 takes that for
# a refusal (clone3, faccessat2) and starts nothing; that of Debian 11 (glibc 2.31) makes no such call. Its stat and ls do, by statx: see scripts/statx.c. `tests/rig/page/image.test.ts`
# starts the image under the profile of Docker 1.13.
ARG BASE=debian:11-slim

# Docker's client of that release (20.10) asks the engine for its API version before each command, and speaks that one: 1.25 to Docker 1.13.
FROM ${BASE} AS parts
# Where the packages are: a mirror, or http://archive.debian.org/debian once this release has moved there.
ARG DEBIAN=http://deb.debian.org/debian
RUN echo "deb $DEBIAN bullseye main" > /etc/apt/sources.list \
 && apt-get update \
 && apt-get install --yes --no-install-recommends docker.io tcc libc6-dev
COPY scripts/statx.c /tmp/
RUN tcc -shared -o /usr/local/lib/statx.so /tmp/statx.c

FROM ${BASE}
ARG DEBIAN=http://deb.debian.org/debian
RUN echo "deb $DEBIAN bullseye main" > /etc/apt/sources.list \
 && apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates curl libstdc++6 \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir --mode=700 /var/lib/drover
COPY --from=parts /usr/bin/docker /usr/local/bin/
COPY --from=parts /usr/local/lib/statx.so /usr/local/lib/
RUN echo /usr/local/lib/statx.so > /etc/ld.so.preload
ADD archive/drover-*-linux-*.tar.gz /opt/
RUN ln -s /opt/drover-*/bin/drover /opt/drover-*/bin/drover-container /usr/local/bin/
# libuv tries io_uring where the kernel has it, which that profile does not know either. The state directory is /var/lib/drover.
ENV UV_USE_IO_URING=0 LANG=C.UTF-8 XDG_STATE_HOME=/var/lib DROVER_CONTAINER=yes
VOLUME /var/lib/drover
ENTRYPOINT ["drover-container"]

# LinMai as an image: pinned dependencies, no build tools, not root.
FROM python:3.12-slim AS build
WORKDIR /source
# The environment holds no pip of its own; the image's pip installs into it.
RUN python -m venv --without-pip /opt/linmai
COPY requirements.lock ./
RUN pip --python /opt/linmai/bin/python install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
COPY . .
RUN pip --python /opt/linmai/bin/python install --no-cache-dir --disable-pip-version-check --no-build-isolation --no-deps . \
 && pip --python /opt/linmai/bin/python uninstall --yes hatchling editables trove-classifiers pathspec pluggy tomlkit

FROM python:3.12-slim
COPY --from=build /opt/linmai /opt/linmai
RUN pip uninstall --yes pip \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin linmai \
 && install --directory --owner linmai --group linmai --mode 0700 /data
ENV PATH=/opt/linmai/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LANG=C.UTF-8 \
    HOME=/data \
    XDG_DATA_HOME=/data \
    XDG_CONFIG_HOME=/data/config \
    LINMAI_IN_CONTAINER=1
USER 10001
WORKDIR /data
VOLUME /data
# 0.0.0.0 is the container's own network; publish the port on 127.0.0.1 only, as docker-compose.yml does.
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["linmai"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]

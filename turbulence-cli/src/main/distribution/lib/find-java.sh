# Sourced by the launchers: finds a Java of at least $1, leaves its folder in `java_home` and its version in `java_version`.
# Reads the `release` file of each candidate instead of starting it, which would cost more than the program's own start.

find_java() {
    wanted_java=$1
    java_home=
    try_java "${JAVA_HOME:-}" && return 0
    try_java_on_path && return 0
    for candidate in \
        /usr/lib/jvm/* \
        /usr/java/* \
        /opt/java/* /opt/jdk* \
        "${SDKMAN_DIR:-${HOME:-}/.sdkman}"/candidates/java/* \
        "${HOME:-}"/.jdks/* \
        "${HOME:-}"/.asdf/installs/java/* \
        "${HOME:-}"/.local/share/mise/installs/java/*; do
        try_java "$candidate" && return 0
    done
    if [ -x /usr/libexec/java_home ]; then
        try_java "$(/usr/libexec/java_home -v "$wanted_java+" 2>/dev/null)" && return 0
    fi
    for candidate in \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        try_java "$candidate" && return 0
    done
    return 1
}

try_java() {
    [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
    java_version=
    while IFS== read -r release_key release_value; do
        case $release_key in
            JAVA_VERSION) java_version=$release_value ;;
            JAVA_RUNTIME_VERSION) java_version=$release_value && break ;;
        esac
    done <"$1/release"
    java_version=${java_version#\"}
    java_version=${java_version%\"*}
    java_feature=${java_version%%[!0-9]*}
    [ "${java_feature:-0}" -ge "$wanted_java" ] || return 1
    java_home=$1
}

try_java_on_path() {
    java_program=$(command -v java) || return 1
    while [ -L "$java_program" ]; do
        link=$(readlink "$java_program") || return 1
        case $link in
            /*) java_program=$link ;;
            *) java_program=$(dirname "$java_program")/$link ;;
        esac
    done
    try_java "$(dirname "$(dirname "$java_program")")"
}

explain_missing_java() {
    cat >&2 <<END
turbulence: no Java $1 or newer was found (looked at JAVA_HOME, PATH, /usr/lib/jvm, SDKMAN and the usual places).
Install one, for example:
  Debian, Ubuntu   apt install openjdk-$1-jdk      (or Temurin: https://adoptium.net)
  macOS            brew install openjdk@$1
  SDKMAN           sdk install java $1-tem
or point JAVA_HOME to one.
END
}

# What `./samverk` needs of the machine and of its own environment, and whether it is there: asked at every start,
# so nothing here may start a slow program or change anything. Read by ../../samverk and prepare; `root` is the checkout.

# Each part as package:witness, where the witness is a command or a file that shows that the package is installed.
PARTS_FOR_UP="mosquitto:mosquitto"
PARTS_FOR_TEST="$PARTS_FOR_UP pcscd:pcscd vsmartcard-vpcd:/usr/lib/pcsc/drivers/serial/libifdvpcd.so
  chromium:chromium git:git postgresql:/usr/lib/postgresql systemd:systemd-analyze espeak-ng:espeak-ng
  fontconfig:fc-query fonts-dejavu-core:/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf
  debootstrap:debootstrap systemd-container:systemd-nspawn lintian:lintian"
# What pyscard is built with. Python's own header lies where the Python that was found says, see prepare.
PARTS_FOR_NFC="gcc:gcc libc6-dev:/usr/include/stdlib.h libpcsclite-dev:/usr/include/PCSC/winscard.h"

# Debian keeps the broker in /usr/sbin, which is not in a user's PATH.
PATH=$PATH:/usr/sbin:/sbin
export PATH

if [ -w "$root" ]; then
  environment=$root/.venv
else
  environment=${XDG_CACHE_HOME:-$HOME/.cache}/samverk/$(printf %s "$root" | cksum | tr ' ' -)
fi
# What the environment was made of, written when it is whole.
stamp=$environment/samverk-stamp
# There when the environment holds the tests' tools too.
tools=$environment/samverk-tools
# There while the environment is made: one that was interrupted half-way has it.
begun=$environment/samverk-begun
# How NFC went: with, declined or failed.
nfc=$environment/samverk-nfc

# Prints what the environment is made of: the checkout, its Python, its pinned packages.
fingerprint() {
  echo "$root $(readlink -f -- "$environment/bin/python")"
  cksum "$root"/requirements/*.txt
}

# Prints the packages of the given parts that are not installed.
missing_of() { # part ...
  for part in "$@"; do
    case ${part#*:} in
      /*) [ -e "${part#*:}" ] || echo "${part%%:*}" ;;
      *) command -v "${part#*:}" >/dev/null || echo "${part%%:*}" ;;
    esac
  done
}

parts_for() { # command
  case $1 in
    up) echo "$PARTS_FOR_UP" ;;
    test) echo "$PARTS_FOR_TEST" ;;
  esac
}

has_environment() { # command
  [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ] || return 1
  [ "$1" != test ] || [ -e "$tools" ]
}

wants_nfc() { # command
  case $1 in
    up | test) [ "$(cat "$nfc" 2>/dev/null)" != with ] ;;
    *) false ;;
  esac
}

is_ready() { # command
  # shellcheck disable=SC2046 # the parts are words
  has_environment "$1" && [ -z "$(missing_of $(parts_for "$1"))" ] && ! wants_nfc "$1"
}

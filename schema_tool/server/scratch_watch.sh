# Ends a scratch server when the process that owns it ends, however it ends: the pipe on our
# standard input closes with it. Started in a session of its own, so no terminal's ^C reaches it.
# usage: sh scratch_watch.sh DIRECTORY
directory=$1
data=$directory/data
trap '' HUP INT TERM

# A zombie has no arguments, a stranger with the same number others.
is_postmaster() {
    if [ -d /proc/self ]; then
        tr '\0' '\n' <"/proc/$1/cmdline" | grep -Fqx -e "$data"
    else
        kill -0 "$1" 2>/dev/null
    fi
}

read -r _

pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ] && is_postmaster "$pid"; then
    kill -QUIT "$pid"
    waited=0
    while [ "$waited" -lt 250 ] && is_postmaster "$pid"; do
        sleep 0.02
        waited=$((waited + 1))
    done
    is_postmaster "$pid" && kill -KILL "$pid"
fi
rm -rf "$directory"

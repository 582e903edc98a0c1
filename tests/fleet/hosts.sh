# Hosts: each an sshd of our own on loopback, with a home of its own, so that nothing of the user's is read or run when
# somebody logs in. Read by `run`.

wait_until() { # COMMAND...: 10 seconds at most
	local n=0
	until "$@"; do
		n=$((n + 1))
		[ $n -lt 200 ] || return 1
		sleep 0.05
	done
}

wait_for() { wait_until test -e "$1"; }

# tree PID: it and all that it started, whoever is their parent's session leader.
tree() {
	[ -e "/proc/$1" ] || return
	cat /proc/[0-9]*/stat 2>/dev/null | sed 's/(.*)/-/' | awk -v top="$1" '
		{ parent[$1] = $4 }
		END {
			for (pid in parent) {
				for (p = pid; p > 1 && p != top; p = parent[p]) ;
				if (p == top) print pid
			}
		}'
}

# kill_tree PID: all at once, as when a machine loses its power.
kill_tree() {
	local pids more
	pids=$(tree "$1")
	# shellcheck disable=SC2086 # they are words
	kill -STOP $pids 2>/dev/null
	more=$(tree "$1")
	# shellcheck disable=SC2086
	kill -KILL $pids $more 2>/dev/null
}

keys() {
	ssh-keygen -q -t ed25519 -N '' -C fleet -f key
	ssh-keygen -q -t ed25519 -N '' -C host -f hostkey
	cp key.pub authorized
	cat >ssh_config <<-END
		Host *
		  HostName 127.0.0.1
		  HostKeyAlias fleet
		  IdentityFile $PWD/key
		  IdentitiesOnly yes
		  IdentityAgent none
		  UserKnownHostsFile $PWD/known
		  GlobalKnownHostsFile /dev/null
		  KexAlgorithms curve25519-sha256
	END
	printf 'fleet %s\n' "$(cut -d ' ' -f 1,2 hostkey.pub)" >known
}

# start_host NAME: on a free port, which ssh_config then knows.
start_host() {
	local port tries=0
	mkdir -p "$1"
	while [ $tries -lt 20 ]; do
		tries=$((tries + 1)) port=$((20000 + RANDOM % 12000))
		cat >"$1.conf" <<-END
			ListenAddress 127.0.0.1
			HostKey $PWD/hostkey
			AuthorizedKeysFile $PWD/authorized
			PidFile none
			UsePAM no
			StrictModes no
			UseDNS no
			MaxStartups 100
			PermitRootLogin prohibit-password
			PasswordAuthentication no
			KbdInteractiveAuthentication no
			SetEnv HOME=$PWD/$1
			ForceCommand cd && exec sh -c "\$SSH_ORIGINAL_COMMAND"
		END
		: >"$1.log"
		"$sshd" -D -p $port -f "$PWD/$1.conf" -E "$PWD/$1.log" &
		printf '%s\n' "$!" >"$1.pid"
		sshd_pids="$sshd_pids $!"
		disown $!
		until grep -q 'Server listening' "$1.log"; do
			kill -0 "$(cat "$1.pid")" 2>/dev/null || continue 2
			sleep 0.05
		done
		{ printf 'Host %s\n  Port %s\n' "$1" $port && sed "/^Host $1\$/,+1d" ssh_config; } >ssh_config.new
		mv ssh_config.new ssh_config
		return
	done
	return 1
}

kill_host() { # NAME
	kill_tree "$(cat "$1.pid")"
}

stop_hosts() {
	local pid
	for pid in $sshd_pids; do kill_tree "$pid"; done
}

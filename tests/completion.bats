# completion.bats - what the shells offer: real shells ask real programs.

load lib

setup() {
	T=$BATS_TEST_TMPDIR
	cd "$T" || return 1
	PATH=$top_builddir/tests/helper:$PATH
	files=$top_builddir/common/cli/completion
	mkdir folder
	touch file.rec folder/inside 'two words'
}

# bash_offers WORD…: what bash offers for the last word, one per line, sorted.
# Words are as in COMP_WORDS: '=' and '@' stand by themselves.
bash_offers() {
	bash --norc --noprofile -c '
		source "$1"
		complete -F _skyfilters cli-echo
		shift
		spec=$(complete -p "${1##*/}") || exit 1
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		spec=${spec#*-F }
		"${spec%% *}" "$1" "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
		[ "${#COMPREPLY[@]}" -eq 0 ] || printf "%s\n" "${COMPREPLY[@]}"
		' bash "$files/skyfilters" "$@" 2>err | sort
	[ ! -s err ]
}

zsh_offers() {
	timeout 60 "$top_srcdir/tests/zsh-complete" "$files" "$1" | sed '/^$/d'
}

# offers WANTED ZSH-LINE WORD…: both shells offer the words WANTED, of the line
# and the same line's COMP_WORDS.
offers() {
	printf '%s' "${1:+$1$'\n'}" | tr ' ' '\n' | sort >want
	bash_offers "${@:3}" >got
	diff want got || {
		echo "bash offers this for: ${*:3}"
		return 1
	}
	zsh_offers "$2" >got
	diff want got || {
		echo "zsh offers this for: $2"
		return 1
	}
}

@test "every tool's options are offered" {
	for tool in ${TOOLS//tools\//} cli-echo; do
		"$tool" --completion-table |
			awk -F '\t' '$2 != "-" { print "--" $2 }
				$1 != "-" { print "-" $1 }' | sort >want
		[ "$(wc -l <want)" -ge 6 ]
		bash_offers "$tool" - >got
		diff want got
	done
	# one for all: a zsh takes its time, and all tools ask in the same way
	cli-echo --completion-table | awk -F '\t' '$2 != "-" { print "--" $2 }
		$1 != "-" { print "-" $1 }' | sort >want
	zsh_offers 'cli-echo -' >got
	diff want got
	head -n 1 "$files/_skyfilters" >got
	echo "#compdef ${TOOLS//tools\//}" | diff - got
}

@test "the table has a line for each option, and for the operands" {
	check 0 cli-echo --completion-table
	[ ! -s err ]
	awk -F '\t' 'NF != 5 || $0 ~ /(^|\t)(\t|$)/ { print; bad = 1 }
		END { exit bad }' out
	cut -f 1-4 out | diff - <(printf '%s\t%s\t%s\t%s\n' \
		f flag - flag t text TEXT text - empty TEXT text \
		i file FILE file - dir DIR dir n whole N number \
		- any N number - size SIZE size - any-size SIZE size \
		- real X number - percent P% percent \
		- choice 'red|green|blue' choice - list TEXT list \
		o output FILE file - require-output - flag \
		- reject FILE file - max-faults P% percent - strict - flag \
		- seed N number @ threads N number q quiet - flag \
		v verbose - flag - help - flag - version - flag \
		- - '[FILE]...' file)
	check 0 caption --completion-table
	[ "$(tail -n 1 out | cut -f 2)" = version ] # it takes no operand
	check 1 sh -c 'cli-echo --completion-table >/dev/full'
}

@test "a name begun is completed" {
	offers '--choice' 'cli-echo --c' cli-echo --c
	offers '--any --any-size' 'cli-echo -q x --an' cli-echo -q x --an
	offers '' 'cli-echo --zz' cli-echo --zz
	offers '--head --headers --help' 'rec-view --h' rec-view --h
}

@test "a choice is completed, as the next word and after =" {
	offers 'blue green red' 'cli-echo --choice ' cli-echo --choice ''
	offers 'green' 'cli-echo --choice g' cli-echo --choice g
	offers 'blue green red' 'cli-echo --choice=' cli-echo --choice =
	offers 'green' 'cli-echo --choice=g' cli-echo --choice = g
	offers 'jpeg png tiff webp' 'tile-fetch -q --chip-format ' \
		tile-fetch -q --chip-format ''
	# where '=' breaks no word
	[ "$(bash_offers cli-echo --choice=g)" = --choice=green ]
	[ "$(bash_offers cli-echo --file=fi)" = --file=file.rec ]
}

@test "files and folders are completed" {
	offers 'file.rec' 'cli-echo fil' cli-echo fil
	offers 'file.rec' 'cli-echo --file fil' cli-echo --file fil
	offers 'file.rec' 'cli-echo --file=fil' cli-echo --file = fil
	offers 'file.rec' 'cli-echo -i fil' cli-echo -i fil
	offers 'file.rec' 'cli-echo -fi fil' cli-echo -fi fil
	offers 'file.rec' 'rec-view -o x fil' rec-view -o x fil
	offers 'folder' 'cli-echo --dir f' cli-echo --dir f
	offers 'folder' 'tile-fetch --root=f' tile-fetch --root = f
	offers 'folder' 'clip-embed -m f' clip-embed -m f
	[ "$(bash_offers cli-echo tw)" = 'two words' ]
}

@test "what nobody can know is not completed" {
	offers '' 'cli-echo --text ' cli-echo --text ''
	offers '' 'cli-echo --text=' cli-echo --text =
	offers '' 'cli-echo -t ' cli-echo -t ''
	offers '' 'cli-echo -n f' cli-echo -n f
	offers '' 'cli-echo --size f' cli-echo --size f
	offers '' 'cli-echo --percent f' cli-echo --percent f
	offers '' 'cli-echo -@ f' cli-echo - @ f
	offers '' 'caption f' caption f
	[ -z "$(bash_offers cli-echo - @)" ]
	[ -z "$(bash_offers cli-echo - @ 4)" ]
}

@test "after a value, and after --, the rest is what it was" {
	offers 'file.rec' 'cli-echo --text a fil' cli-echo --text a fil
	offers 'file.rec' 'cli-echo --text=a fil' cli-echo --text = a fil
	offers 'file.rec' 'cli-echo -ta fil' cli-echo -ta fil
	offers 'file.rec' 'cli-echo -f fil' cli-echo -f fil
	offers 'file.rec' 'cli-echo -@ 4 fil' cli-echo - @ 4 fil
	[ "$(bash_offers cli-echo --text -- --ch)" = --choice ]
	offers '' 'cli-echo -- --ch' cli-echo -- --ch
	offers 'file.rec' 'cli-echo -- fil' cli-echo -- fil
}

@test "a program is asked by the path it was called by" {
	mkdir bin
	ln -s "$top_builddir/tests/helper/cli-echo" bin/
	PATH=/usr/bin:/bin
	offers '--choice' 'bin/cli-echo --ch' bin/cli-echo --ch
	# shellcheck disable=SC2088 # as it was typed
	[ "$(HOME=$T bash_offers '~/bin/cli-echo' --ch)" = --choice ]
	# one that is not there offers nothing, without a word
	[ -z "$(bash_offers cli-echo --ch)" ]
}

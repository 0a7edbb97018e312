# cli.bats - parsing of the command line, with an option of every type.

load lib

# echoes WORD…: the args and operands that cli-echo gets from the words are
# those on stdin, besides the ones that always stand there.
echoes() {
	check 0 "$top_builddir/tests/helper/cli-echo" "$@"
	grep -vx -e whole=7 -e any=0 -e size=0 -e any-size=0 -e choice=red \
		-e seed=0 out >got || true
	diff - got
}

# refuses MESSAGE WORD…: a usage error that says MESSAGE.
refuses() {
	local message=$1
	shift
	check 2 "$top_builddir/tests/helper/cli-echo" "$@"
	[ ! -s out ]
	[ "$(head -n 1 err)" = "cli-echo: $message" ] || {
		cat err
		return 1
	}
	grep -qx "Try 'cli-echo --help' for more." err
}

@test "a value is the next word, or follows '=' or the letter" {
	echoes --text a <<<text=a
	echoes --text=a <<<text=a
	echoes -t a <<<text=a
	echoes -ta <<<text=a
	echoes -ft a <<<$'flag=yes\ntext=a'
	echoes -fta <<<$'flag=yes\ntext=a'
	echoes --text=a=b=c <<<text=a=b=c
	echoes -t=a <<<text==a
	echoes --text --flag <<<text=--flag
	echoes --text=- -- <<<text=-
}

@test "operands stand anywhere, and after -- all words are" {
	echoes a --flag b <<<$'flag=yes\na\nb'
	echoes -- --flag -t <<<$'--flag\n-t'
	echoes - -- -- <<<$'-\n--'
	echoes '' <<<''
	refuses "extra operand 'd'" a b --flag c d
}

@test "what is no option is refused, also a name cut short" {
	refuses "unknown option '--fla'" --fla
	refuses "unknown option '---flag'" ---flag
	refuses "unknown option '--=x'" --=x
	refuses "unknown option '--Flag'" --Flag
	refuses "unknown option '-F'" -F
	refuses "unknown option '-z'" -fz
	refuses "unknown option '--'" -f--
	refuses "unknown option '-é'" -fé
	refuses "unknown option '--help=me'" --help=me
	refuses '--flag takes no value' --flag=yes
	refuses '--flag takes no value' --flag=
}

@test "a value that is missing or empty is refused" {
	refuses '--text needs a value: TEXT' --text
	refuses '--whole needs a value: N' -fn
	refuses '--text takes TEXT, not an empty word' --text=
	refuses '--text takes TEXT, not an empty word' --text ''
	refuses '--text takes TEXT, not an empty word' -t ''
	refuses '--file takes FILE, not an empty word' --file=
	refuses '--dir takes DIR, not an empty word' --dir ''
	refuses '--whole takes N, not an empty word' --whole=
	refuses '--size takes SIZE, not an empty word' --size=
	refuses '--choice takes red|green|blue, not an empty word' --choice=
	refuses '--list takes TEXT, not an empty word' --list a --list=
	echoes --empty= <<<empty=
	echoes --empty '' <<<empty=
}

@test "the last value counts; a file is given once; a list takes all" {
	echoes --whole 1 -n 2 --text a -tb <<<$'text=b\nwhole=2'
	echoes --list b --list=a --list b <<<$'list=b\nlist=a\nlist=b'
	echoes --flag -ff <<<flag=yes
	refuses "--file is given twice: 'a' and 'b'" -i a --file=b
	refuses "--output is given twice: 'a' and 'a'" -o a -o a
	refuses "--reject is given twice: 'a' and 'b'" --reject a --reject b
}

@test "of a file the base name is recorded" {
	echoes -i some/where/x.tsv <<<file=x.tsv
}

@test "whole numbers" {
	echoes --any 18446744073709551615 <<<any=18446744073709551615
	echoes --any 007 <<<any=7
	echoes --whole 100 <<<whole=100
	for bad in 18446744073709551616 -1 +5 0x10 1e3 1.0 ' 1' '1 ' 1_000 \
		1,000 1K ١ nan; do
		refuses "--any takes a whole number below 2^64, not '$bad'" \
			--any "$bad"
	done
	for bad in 0 101 -1 99999999999999999999 x; do
		refuses "--whole takes a whole number from 1 to 100, not '$bad'" \
			-n "$bad"
	done
}

@test "sizes are recorded in bytes" {
	echoes --any-size 268435456 <<<any-size=268435456
	echoes --any-size 256K <<<any-size=262144
	echoes --any-size 256M <<<any-size=268435456
	echoes --any-size=2GiB <<<any-size=2147483648
	echoes --size 1000 <<<size=1000
	echoes --size 4G <<<size=4294967296
	for bad in 17179869184G 1.5G 2g 2GB -1K +1 1e6 0x10 K; do
		refuses "--any-size takes bytes, as 1000, 64K, 256M or 2G, below 2^64, not '$bad'" \
			--any-size "$bad"
	done
	for bad in 999 0 4194305K 4GB; do
		refuses "--size takes bytes, as 1000, 64K, 256M or 2G, from 1000 to 4G, not '$bad'" \
			--size "$bad"
	done
}

@test "numbers and percentages" {
	echoes --real 1e300 <<<real=1e+300
	echoes --real=-.5 <<<real=-0.5
	echoes --real -0 <<<real=0
	echoes --percent 50% <<<percent=50%
	echoes --percent 0.1 <<<percent=0.1%
	echoes --percent -0% <<<percent=0%
	for bad in 1e400 -1e400 +5 0x1p3 0x10 inf nan 1,5 ' 1' '1 ' 1e 1e+ . - \
		.e5 50%; do
		refuses "--real takes a number, not '$bad'" --real "$bad"
	done
	for bad in % 50%% 101 100.0000001% -1% 1e400% 5x% +5%; do
		refuses "--percent takes a percentage from 0 to 100, not '$bad'" \
			--percent "$bad"
	done
}

@test "choices" {
	echoes --choice blue <<<choice=blue
	for bad in Blue blu bluee 'red|green' '|' ' red'; do
		refuses "--choice takes one of red|green|blue, not '$bad'" \
			--choice "$bad"
	done
}

@test "a word of another script does not reach the terminal as a command" {
	check 2 "$top_builddir/tests/helper/cli-echo" $'--x\e[2J'
	grep -qF "unknown option '--x?[2J'" err
}

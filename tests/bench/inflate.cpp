/*
 * inflate - nothing but reading the blobs of a PBF file and inflating them by
 * libdeflate: no reader of such files can be faster.
 *
 *	inflate FILE.osm.pbf THREADS
 *
 * Prints the sizes of the file and of what is in it.
 */
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libdeflate.h>
#include <protozero/pbf_reader.hpp>

namespace {

struct Blob {
	off_t at;
	size_t size;
};

void read_at(int fd, std::vector<char> &to, off_t at, size_t size)
{
	to.resize(size);
	if (pread(fd, to.data(), size, at) != static_cast<ssize_t>(size))
		throw std::runtime_error{"the file is cut"};
}

std::vector<Blob> find_blobs(int fd, off_t end)
{
	std::vector<Blob> blobs;
	std::vector<char> head;

	for (off_t at = 0; at < end;) {
		size_t n = 0, size = 0;

		read_at(fd, head, at, 4);
		for (char c : head)
			n = n << 8 | static_cast<uint8_t>(c);
		read_at(fd, head, at + 4, n);
		for (protozero::pbf_reader r{head.data(), n}; r.next();)
			if (r.tag() == 3)
				size = static_cast<size_t>(r.get_int32());
			else
				r.skip();
		at += 4 + static_cast<off_t>(n);
		blobs.push_back({at, size});
		at += static_cast<off_t>(size);
	}
	return blobs;
}

/* The size of what a blob holds; its bytes to `out`. */
size_t inflate(libdeflate_decompressor *d, const std::vector<char> &in,
	std::vector<char> &out)
{
	protozero::data_view z;
	size_t size = 0, got = 0;

	for (protozero::pbf_reader r{in.data(), in.size()}; r.next();)
		if (r.tag() == 2)
			size = static_cast<size_t>(r.get_int32());
		else if (r.tag() == 3)
			z = r.get_view();
		else
			r.skip();
	if (out.size() < size)
		out.resize(size);
	if (z.size() && libdeflate_zlib_decompress(d, z.data(), z.size(),
				out.data(), size, &got))
		throw std::runtime_error{"a blob is damaged"};
	return got;
}

} // namespace

int main(int argc, char **argv)
{
	std::atomic<size_t> next{0}, total{0};
	std::vector<std::thread> threads;
	struct stat st;

	if (argc != 3) {
		std::cerr << "usage: inflate FILE.osm.pbf THREADS\n";
		return 2;
	}
	int fd = open(argv[1], O_RDONLY);
	if (fd < 0 || fstat(fd, &st) < 0) {
		std::cerr << "inflate: cannot read " << argv[1] << '\n';
		return 1;
	}
	auto blobs = find_blobs(fd, st.st_size);
	for (long i = std::strtol(argv[2], nullptr, 10); i > 0; i--)
		threads.emplace_back([&] {
			auto *d = libdeflate_alloc_decompressor();
			std::vector<char> in, out;
			size_t sum = 0;

			for (size_t j; (j = next++) < blobs.size();) {
				read_at(fd, in, blobs[j].at, blobs[j].size);
				sum += inflate(d, in, out);
			}
			libdeflate_free_decompressor(d);
			total += sum;
		});
	for (auto &t : threads)
		t.join();
	std::cout << st.st_size << " bytes, " << total << " inflated\n";
}
